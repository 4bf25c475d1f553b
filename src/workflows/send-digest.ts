import { advanceCheckpoint, readCheckpoint } from '../store/checkpoints.ts'
import { rememberNamed } from '../store/digest-deadlines.ts'
import { waitingLines, type DigestFacts, readDigest } from './digest-facts.ts'
import { digestMail } from './digest-mail.ts'
import type { Mailer } from './ports.ts'
import type { Work } from './work.ts'

const checkpoint = 'digest'

type Digesting = Pick<Work, 'database' | 'environment' | 'clock' | 'log' | 'mode'>

/** `nothing_to_say`: no mail. `nobody_to_tell`: no mail server or no address is configured. */
export type DigestSending = 'sent' | 'nothing_to_say' | 'nobody_to_tell' | 'shown'

/**
 * Mails the operator everything that waits for a person: failures that nobody has acknowledged, new
 * ones first, refused confirmations, jobs that ended early, disputes, deadlines of sellers and of
 * authorisations, refused accounts, long holds, what could not be read, notifications that do not
 * arrive.
 * @throws Error when the mail server did not take it: the job tries again
 */
export async function sendDigest(work: Digesting, mailer: Mailer | null): Promise<DigestSending> {
  const { queries } = work.database
  const { id, settings } = work.environment
  const last = await readCheckpoint(queries, id, checkpoint)
  const facts = await readDigest(work, last)
  if (waitingLines(facts).length === 0) return 'nothing_to_say'
  const mail = digestMail(settings, facts)
  if (work.mode !== 'move') {
    work.log('info', 'the digest would be mailed', {
      subject: mail.subject,
      to: settings.alertEmail,
    })
    return 'shown'
  }
  if (mailer === null || settings.alertEmail === null) {
    work.log('warn', 'nobody gets the digest: set MAILER_DSN and TECHNICAL_ALERT_EMAIL', {
      subject: mail.subject,
    })
    return 'nobody_to_tell'
  }
  const told = await mailer.send({ to: settings.alertEmail, ...mail })
  if (told.result !== 'told') throw new Error(`The digest could not be mailed: ${told.message}`)
  await remember(work, facts)
  return 'sent'
}

/** What was named is not new the next time; a mail that was not taken names it as new again. */
async function remember(work: Digesting, facts: DigestFacts): Promise<void> {
  const { database, environment, clock } = work
  const now = clock.now()
  const { failures, deadlines, oldMoney, broken, creations } = facts
  const all = [...failures, ...deadlines, ...oldMoney, ...broken, ...creations]
  const named = all.filter(line => line.subject !== 'movement')
  const ids = named.map(line => line.id)
  await database.inTransaction(async queries => {
    await rememberNamed(queries, environment.id, ids, now)
    await advanceCheckpoint(queries, environment.id, checkpoint, facts.at, now)
  })
}
