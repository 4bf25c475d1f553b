import { disputed } from './dispute-purchases.ts'
import { purchaseKey } from './shop-front.ts'
import type { Played, Stage } from './stage.ts'

/** Two customers tell their banks that they did not buy what they were charged for. */
export async function disputeCharges(stage: Stage): Promise<Played> {
  let opened = 0
  for (const charge of await stage.stripeApi.list('/v1/charges')) {
    const purchase = (charge['metadata'] as Record<string, string>)[purchaseKey] ?? ''
    const wanted = purchase === disputed.lost || purchase === disputed.won
    if (!wanted || charge['captured'] !== true) continue
    stage.stripe.dispute(String(charge['id']))
    opened += 1
  }
  return { told: `${opened} customers dispute a payment` }
}

/** The banks decide: one customer was right, the other was not. */
export async function decideDisputes(stage: Stage): Promise<Played> {
  const charges = await stage.stripeApi.list('/v1/charges')
  const purchases = new Map(
    charges.map(({ id, metadata }) => [id, (metadata as Record<string, string>)[purchaseKey]]),
  )
  const counts = { won: 0, lost: 0 }
  for (const { id, charge, status } of await stage.stripeApi.list('/v1/disputes')) {
    if (status !== 'needs_response') continue
    if (purchases.get(charge) === disputed.won) {
      stage.stripe.disputeWon(String(id))
      counts.won += 1
    } else {
      stage.stripe.disputeLost(String(id))
      counts.lost += 1
    }
  }
  return { told: `banks decide: ${counts.won} dispute won, ${counts.lost} lost` }
}
