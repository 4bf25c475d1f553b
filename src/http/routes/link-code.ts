import type { FastifyReply } from 'fastify'
import { guardSellerLink } from '../../workflows/guard-seller-link.ts'
import { sendLinkCode, takeLinkCode } from '../../workflows/link-codes.ts'
import type { Visit } from '../../workflows/open-seller-link.ts'
import type { Mailer } from '../../workflows/ports.ts'
import { type LinkSigner, sellerLinkUrl } from '../../workflows/seller-links.ts'
import type { Work } from '../../workflows/work.ts'
import type { Language } from '../language.ts'
import { sendPage } from '../pages/document.ts'
import { type CodeStep, codeStatuses, linkCodePage } from '../pages/link-code.ts'

/** The page that stands in front of a link. */
export interface CodeAnswer {
  readonly to: 'code'
  readonly step: CodeStep
  readonly action: string
  readonly address: string
}

interface Click {
  readonly token: string
  /** What was posted: a code, or the wish for one; null: the link was only clicked. */
  readonly form: URLSearchParams | null
  readonly language: Language
}

/**
 * What a click or a form comes to where links need a code; `open`: the right code was given. A click
 * alone mails nothing, so that a scanner cannot fill a mailbox.
 */
export async function codeStep(
  work: Pick<Work, 'database' | 'environment' | 'clock' | 'log'>,
  mailer: Mailer | null,
  signer: LinkSigner,
  { token, form, language }: Click,
): Promise<'open' | CodeAnswer | Extract<Visit, { to: 'explanation' }>> {
  const guarded = await guardSellerLink(work, signer, token)
  if (guarded.to === 'explanation') return guarded
  const { sellerId } = guarded
  const url = sellerLinkUrl(work.environment.settings.publicUrl, token)
  const at = (step: CodeStep): CodeAnswer => ({
    to: 'code',
    step,
    action: url === '' ? `/onboarding/${token}` : url,
    address: guarded.address ?? '',
  })
  if (guarded.address === null) return at('no_address')
  if (mailer === null) return at('unavailable')
  if (form === null) return at('offer')
  const code = form.get('code')
  if (code === null) return at(await sendLinkCode(work, mailer, signer, { sellerId, language }))
  return (await takeLinkCode(work, signer, sellerId, code)) ? 'open' : at('wrong')
}

export function answerCode(
  reply: FastifyReply,
  language: Language,
  { step, action, address }: CodeAnswer,
): FastifyReply {
  if (step === 'unavailable') void reply.header('retry-after', 60)
  return sendPage(reply, codeStatuses[step], linkCodePage(language, step, { action, address }))
}
