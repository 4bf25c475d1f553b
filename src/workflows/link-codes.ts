import { createHmac, randomInt } from 'node:crypto'
import { replaceCode, spendCode } from '../store/link-codes.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { codeMail, type MailLanguage } from './code-mail.ts'
import type { Mailer } from './ports.ts'
import type { LinkSigner } from './seller-links.ts'
import type { Work } from './work.ts'

/** Seconds that a code is good for, and between two codes for one seller. */
const goodSeconds = 10 * 60
const againSeconds = 60
/** Wrong codes; after them a new one must be asked for. */
const triesMax = 5

type Coding = Pick<Work, 'database' | 'environment' | 'clock' | 'log'>

/** `sent_before`: a moment ago; that code is still good. `no_address`: the shop has no e-mail. */
export type CodeSending = 'sent' | 'sent_before' | 'no_address' | 'unavailable'

/** How codes are made; a simulation replays with its own. */
export interface Codes {
  /** Six digits. */
  next(): string
}

export const randomCodes: Codes = { next: () => String(randomInt(1_000_000)).padStart(6, '0') }

/**
 * Mails a one-time code to the seller's address in Mirakl: who only has the link does not get in.
 * The link must have been verified before (its seller is named by us).
 */
export async function sendLinkCode(
  work: Coding,
  mailer: Mailer,
  signer: LinkSigner,
  to: { sellerId: string; language: MailLanguage },
  codes: Codes = randomCodes,
): Promise<CodeSending> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const known = (await sellersWithAccounts(queries, environmentId, [to.sellerId])).get(to.sellerId)
  const address = known?.seller.email ?? null
  if (known === undefined || address === null) return 'no_address'
  const code = codes.next()
  const now = work.clock.now()
  const fresh = await replaceCode(queries, environmentId, to.sellerId, {
    hash: hashOf(signer, environmentId, to.sellerId, code),
    madeAt: now,
    expiresAt: new Date(now.getTime() + goodSeconds * 1000),
    notAfter: new Date(now.getTime() - againSeconds * 1000),
  })
  if (!fresh) return 'sent_before'
  const told = await mailer.send({ to: address, ...codeMail(to.language, code, goodSeconds / 60) })
  if (told.result === 'told') return 'sent'
  work.log('warn', 'a code could not be mailed', { seller: to.sellerId, problem: told.message })
  return 'unavailable'
}

/** Is this the seller's code? A right one is used up; a wrong one costs a try. */
export async function takeLinkCode(
  work: Coding,
  signer: LinkSigner,
  sellerId: string,
  code: string,
): Promise<boolean> {
  const hash = hashOf(signer, work.environment.id, sellerId, code.replaceAll(/\D/g, ''))
  const given = { hash, now: work.clock.now(), triesMax }
  return spendCode(work.database.queries, work.environment.id, sellerId, given)
}

/** Six digits can be guessed from a plain hash: it is keyed with what only we can sign. */
function hashOf(signer: LinkSigner, environmentId: string, sellerId: string, code: string): string {
  const key = signer.sign(environmentId, `code:${sellerId}`, 0)
  return createHmac('sha256', key).update(code).digest('base64')
}

/** `c•••@atelier.example`: enough to know which mailbox to look at. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 1 ? '•••' : `${address.slice(0, 1)}•••${address.slice(at)}`
}
