import { isLookedUpFirst } from '../domain/restore.ts'
import type { Account } from '../domain/seller.ts'
import { saveAccount } from '../store/accounts.ts'
import { type StoredSeller, assignAccount, changeSeller } from '../store/sellers.ts'
import type { Work } from './work.ts'

/** Seconds between two tries after the provider refused, and after it gave no answer. */
const refusedSeconds = 3600
const unansweredSeconds = 60

/**
 * Makes the seller's account at the provider. The attempt is written before the call and is part of
 * its key: a lost answer is asked for again under the same key and never makes a second account. A
 * key lives for a day and for the same words only, so what was asked before is looked for first.
 */
export async function createSellerAccount(
  work: Work,
  seller: StoredSeller,
): Promise<Account | null> {
  const { database, environment, provider } = work
  const attempt = Math.max(1, seller.accountAttempt)
  const asked = { account_attempt: attempt, account_mend: null }
  await changeSeller(database.queries, environment.id, seller.id, asked)
  work.tally.sent()
  const key = `${environment.id}:${seller.id}:account:${attempt}`
  const restored = isLookedUpFirst(environment.restore ?? null, work.clock.now())
  const askedBefore = restored || (seller.accountAttempt > 0 && !seller.accountRefused)
  const request = { seller, prefill: environment.settings.prefillOnboarding, askedBefore }
  const outcome = await provider.createAccount(request, key)
  const now = work.clock.now()
  if (outcome.result === 'created') {
    const { account } = outcome
    const assigned = await database.inTransaction(async queries => {
      const made = { provider: provider.name, id: account.id }
      if (!(await assignAccount(queries, environment.id, seller.id, made, now))) return false
      const lookAt = new Date(now.getTime() + 15 * 60 * 1000)
      await saveAccount(queries, environment.id, provider.name, account, now, lookAt)
      return true
    })
    work.tally.outcome({ result: 'succeeded', providerId: account.id })
    if (assigned) return account
    // An operator mapped another account meanwhile: theirs stays, and the next run goes on with it.
    work.log('warn', 'an account was made in vain', { seller: seller.id, account: account.id })
    return null
  }
  const refused = outcome.result === 'rejected'
  const seconds = refused ? refusedSeconds : unansweredSeconds
  await changeSeller(database.queries, environment.id, seller.id, {
    account_problem: outcome.message,
    account_mend: refused ? outcome.mend : null,
    // A definite refusal is the only thing that makes a new attempt.
    ...(refused ? { account_attempt: attempt + 1 } : {}),
    look_at: new Date(now.getTime() + seconds * 1000),
  })
  if (refused) work.tally.failed()
  else work.tally.outcome({ result: 'unknown', message: outcome.message, lookUp: false })
  work.log('warn', 'an account could not be made', {
    seller: seller.id,
    problem: outcome.message,
    ...(refused ? { mend: outcome.mend } : {}),
  })
  return null
}
