import { takeCosts, type UnbookedCost, unbookedCosts } from '../store/book-costs.ts'
import { insertObserved } from '../store/movement-observing.ts'
import { sellersOfAccount } from '../store/sellers.ts'
import type { Work } from './work.ts'

const day = 24 * 3600 * 1000

/**
 * Books what the provider kept for itself: one `provider_fee` for each day and currency, whose lines
 * are its proof; a day that gave back more than it took is a `return`. A marketplace has a fee for
 * every payment, and a movement for each would say nothing that the lines do not. A day (UTC) is
 * booked when it has been read to its end: what is booked is never edited.
 * @param readTo how far the books have been read
 */
export async function bookCosts(work: Work, account: string | null, readTo: Date): Promise<void> {
  const before = new Date(Math.floor(readTo.getTime() / day) * day)
  const { queries } = work.database
  for (const cost of await unbookedCosts(queries, work.environment.id, { account, before })) {
    await bookDay(work, account, cost)
  }
}

async function bookDay(work: Work, account: string | null, cost: UnbookedCost): Promise<void> {
  const environmentId = work.environment.id
  const now = work.clock.now()
  await work.database
    .inTransaction(async queries => {
      const movementId = work.names.next('mv')
      const taken = await takeCosts(queries, environmentId, { ...cost, account, movementId })
      if (taken.total === 0n) throw new NothingToBook()
      const sellers =
        account === null ? [] : await sellersOfAccount(queries, environmentId, account)
      const [only] = sellers
      const part = account === null ? cost.currency : `${cost.currency} ${account}`
      const observed = {
        id: movementId,
        kind: taken.total > 0n ? ('provider_fee' as const) : ('return' as const),
        parties: {
          sellerId: sellers.length === 1 ? (only?.id ?? null) : null,
          orderId: null,
          purchaseId: null,
          cycleId: null,
          paymentId: null,
        },
        status: 'succeeded' as const,
        reason: null,
        currency: cost.currency,
        amount: taken.total > 0n ? taken.total : -taken.total,
        account,
        provider: work.provider.name,
        providerId: null,
        failure: null,
        facts: {
          day: cost.day,
          lines: taken.lines,
          ...(taken.total > 0n ? {} : { of: 'provider_fee', kind: 'provider_fee' }),
        },
        actor: work.actor,
        now,
      }
      const source = (id: string) => ({ type: 'provider' as const, id, part, sequence: 1 })
      const ofDay = { ...observed, source: source(`fees:${cost.day}`) }
      if (await insertObserved(queries, environmentId, ofDay)) return
      // The day is booked: lines of it that came to light later are a movement of their own.
      const later = { ...observed, source: source(`fees:${cost.day}:${taken.first ?? ''}`) }
      await insertObserved(queries, environmentId, later)
    })
    .catch((error: unknown) => {
      if (!(error instanceof NothingToBook)) throw error
    })
}

/** Somebody else has booked the day meanwhile, or its lines add up to nothing: none is marked. */
class NothingToBook extends Error {}
