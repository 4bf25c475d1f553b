import { special } from './cast.ts'
import { accountsByShop } from './onboarding-acts.ts'
import type { Played, Stage } from './stage.ts'

/** Subscriptions from the first day on. */
export function agreeOnSubscriptions(stage: Stage): Played {
  const { mirakl } = stage
  mirakl.setSubscription(2001, { amount: '20.00', tax: '4.00' })
  mirakl.setSubscription(2016, { amount: '15.00', tax: '2.85' })
  mirakl.setSubscription(2019, { amount: '18.00', tax: '3.60' })
  mirakl.setSubscription(2027, { amount: '1500', tax: '150' })
  mirakl.setSubscription(2033, { amount: '3.250' })
  mirakl.setSubscription(special.negative, { amount: '25.00', tax: '5.25' })
  mirakl.setSubscription(special.zero, { amount: '12.00' })
  return { told: '7 sellers have a subscription' }
}

/** Credits and invoices that the operator writes by hand. */
export function writeDocuments(stage: Stage): Played {
  const { mirakl } = stage
  mirakl.addManualDocument(special.credited, {
    type: 'CREDIT',
    amount: '30.00',
    tax: '6.00',
    description: 'Geste commercial',
  })
  mirakl.addManualDocument(special.zero, { type: 'CREDIT', amount: '12.00' })
  mirakl.addManualDocument(special.invoiced, {
    type: 'INVOICE',
    amount: '7.50',
    tax: '1.43',
    description: 'Fotos für den Katalog',
  })
  return { told: 'the operator writes 2 credits and 1 invoice' }
}

/** The marketplace closes a billing cycle over what was paid before `end`. */
export function bill(stage: Stage, start: Date, end: Date): Played {
  const cycles = stage.mirakl.closeCycle({ start, end })
  const count = (wanted: (amount: number) => boolean): number =>
    cycles.filter(cycle => wanted(Number(cycle.toSeller))).length
  const positive = count(amount => amount > 0)
  const zero = count(amount => amount === 0)
  const negative = count(amount => amount < 0)
  return {
    told: `${cycles.length} billing cycles close: ${positive} to pay, ${zero} of zero, ${negative} negative`,
  }
}

/** The bank of one seller sends the payout back, and Stripe asks for another account. */
export async function bouncePayout(stage: Stage): Promise<Played> {
  const account = (await accountsByShop(stage)).get(special.bounced)
  if (account === undefined) return { told: 'no payout to send back' }
  const payouts = await stage.stripeApi.list('/v1/payouts', account)
  const [payout] = payouts.filter(({ status }) => status === 'pending' || status === 'in_transit')
  if (typeof payout?.['id'] !== 'string') return { told: 'no payout to send back' }
  stage.stripe.bouncePayout(payout['id'], 'account_closed')
  stage.stripe.requireMore(account, ['external_account'], 'requirements.past_due')
  return { told: 'a bank sends a payout back: the account is closed' }
}

/** The seller gives another bank account. */
export async function correctBank(stage: Stage): Promise<Played> {
  const account = (await accountsByShop(stage)).get(special.bounced)
  if (account === undefined) return { told: 'nothing to correct' }
  stage.stripe.completeOnboarding(account)
  return { told: 'the seller of the returned payout gives another bank account' }
}
