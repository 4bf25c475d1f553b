import type { Movement } from '../../src/domain/movement.ts'
import { ledger } from './audit-ledger.ts'
import { balances, cycles } from './audit-settlement.ts'
import { describe, minor } from './audit-step.ts'
import type { Made, Observation } from './observation.ts'

import type { Play } from './steps.ts'
import { secrets } from './world.ts'

/** What must hold once the faults are over and everybody has had the time. */
export async function auditEnd(play: Play, seen: Observation): Promise<string[]> {
  return [
    ...leftOpen(seen),
    ...(await orders(play, seen)),
    ...(await customers(play, seen)),
    ...debits(play, seen),
    ...cycles(play, seen),
    ...balances(play, seen),
    ...(await ledger(play, seen)),
  ]
}

function leftOpen({ movements }: Observation): string[] {
  const under = movements.filter(({ status, needsReview }) =>
    status === 'submitted' ? !needsReview : status === 'pending' || status === 'accepted',
  )
  return under.map(movement => `left open: ${describe(movement)}`)
}

interface RawRefund {
  readonly amount: number
  readonly shipping_amount: number
  readonly commission_total_amount: number
  readonly state: string
  readonly funding?: { readonly operator: { readonly total_amount: number } }
  readonly taxes: readonly { readonly amount: number }[]
  readonly shipping_taxes: readonly { readonly amount: number }[]
}

interface RawOrder {
  readonly order_id: string
  readonly order_tax_mode: string
  readonly order_lines: readonly { readonly refunds: readonly RawRefund[] }[]
}

/** Refunds of an order that are paid: minor units with tax, and the commission given back. */
async function refundsOf(play: Play, orderId: string) {
  const response = await play.world.miraklFetch(
    `https://tenant.example/api/orders?order_ids=${orderId}`,
    { headers: { authorization: secrets.miraklKey } },
  )
  const { orders: found } = (await response.json()) as { orders: readonly RawOrder[] }
  const cents = (amount: number): number => Math.round(amount * 100)
  const refunds = found.flatMap(order =>
    order.order_lines
      .flatMap(line => line.refunds)
      .map(refund => {
        const taxes = [...refund.taxes, ...refund.shipping_taxes].map(tax => cents(tax.amount))
        const taxed = order.order_tax_mode === 'TAX_EXCLUDED' ? taxes : []
        const net = cents(refund.amount) + cents(refund.shipping_amount)
        return {
          state: refund.state,
          gross: taxed.reduce((left, right) => left + right, net),
          commission: cents(refund.commission_total_amount),
          // The seller gives this part back too; the customer never paid it.
          funding: cents(refund.funding?.operator.total_amount ?? 0),
        }
      }),
  )
  return {
    waiting: refunds.filter(refund => refund.state !== 'REFUNDED').length,
    gross: refunds.reduce((total, refund) => total + refund.gross, 0),
    commission: refunds.reduce((total, refund) => total + refund.commission, 0),
    funding: refunds.reduce((total, refund) => total + refund.funding, 0),
  }
}

export const inReview = (
  movements: readonly Movement[],
  test: (movement: Movement) => boolean,
): boolean => movements.some(movement => movement.needsReview && test(movement))

/** Every order that was paid for is paid to its seller, once, less what was refunded. */
async function orders(play: Play, seen: Observation) {
  const { made, charges, movements, accounts } = seen
  const { world } = play
  const captured = new Set(
    charges.filter(charge => charge.captured > 0).map(charge => charge.purchaseId),
  )
  const problems: string[] = []
  for (const order of world.mirakl.orders()) {
    const { orderId, commercialId } = order
    const own = movements.filter(movement => movement.parties.orderId === orderId)
    if (inReview(movements, each => each.parties.purchaseId === commercialId)) continue
    if (cameBack(seen, commercialId)) continue
    const refunds = await refundsOf(play, orderId)
    const payable = order.customerDebited && captured.has(commercialId)
    if (!payable || !accounts.has(order.shopId)) {
      const moved = made.filter(
        each => each.stands && each.orderId === orderId && each.what === 'transfer',
      )
      if (moved.length > 0) problems.push(`not payable, but paid: ${orderId}`)
      continue
    }
    const owed = minor(order.sold) - minor(order.commission) - refunds.gross + refunds.commission
    const moved = sum(made, each => each.orderId === orderId)
    const held = own
      .filter(each => each.kind === 'reversal' && each.status === 'on_hold')
      .reduce((total, each) => total + Number(each.amount ?? 0), 0)
    const waiting = own
      .filter(each => each.kind === 'restitution' && each.status === 'on_hold')
      .reduce((total, each) => total + Number(each.amount ?? 0), 0)
    const short = own.some(
      each => each.kind === 'collection' && each.reason === 'seller_balance_short',
    )
    if (refunds.waiting > 0) problems.push(`${refunds.waiting} refunds of ${orderId} still wait`)
    if (moved - held + waiting !== owed && !short) {
      const rows = own.map(describe).join('; ')
      problems.push(`${orderId} is owed ${owed}, moved were ${moved}, held back ${held}: ${rows}`)
    }
  }
  return problems
}

/** To the seller less from the seller, for what the test names; refunds and payouts do not count. */
function sum(made: readonly Made[], test: (each: Made) => boolean): number {
  return made
    .filter(each => each.stands && test(each))
    .reduce((total, { what, amount }) => {
      if (what === 'transfer') return total + amount
      return what === 'reversal' || what === 'collection' ? total - amount : total
    }, 0)
}

/**
 * A refund that came back is for people, whether we had heard of it as done or not: nobody knows
 * where the customer's money may go.
 */
function cameBack({ movements, made }: Observation, purchaseId: string): boolean {
  const own = movements.filter(({ parties }) => parties.purchaseId === purchaseId)
  const failed = new Set(
    made.filter(each => each.what === 'refund' && !each.stands).map(each => each.movementId),
  )
  return own.some(each => failed.has(each.id) || (each.kind === 'return' && each.account === null))
}

/** Customers have paid for what they keep, and nothing more. */
async function customers(play: Play, seen: Observation) {
  const { made, charges, movements } = seen
  const problems: string[] = []
  for (const purchase of play.purchases.values()) {
    const own = charges.filter(charge => charge.purchaseId === purchase.id && charge.captured > 0)
    const [charge] = own
    if (own.length > 1) problems.push(`${purchase.id} was charged ${own.length} times`)
    if (charge === undefined || cameBack(seen, purchase.id)) continue
    if (inReview(movements, each => each.parties.purchaseId === purchase.id)) continue
    const placed = play.world.mirakl.orders(purchase.id)
    const decided = placed.every(
      order => order.customerDebited || ['REFUSED', 'CANCELED'].includes(order.state),
    )
    let owed = purchase.ownGoods
    for (const order of placed) {
      const refunds = await refundsOf(play, order.orderId)
      owed += minor(order.customerOwes) - refunds.gross + refunds.funding
    }
    const ids = new Set(
      movements.filter(each => each.parties.purchaseId === purchase.id).map(each => each.id),
    )
    const refunded = made
      .filter(each => each.what === 'refund' && each.stands && ids.has(each.movementId))
      .reduce((total, each) => total + each.amount, 0)
    const paid = charge.captured - refunded
    if (decided && paid !== owed) {
      const rows = movements.filter(each => ids.has(each.id)).map(describe)
      problems.push(`${purchase.id} paid ${paid}, owes ${owed}: ${rows.join('; ')}`)
    }
  }
  return problems
}

/** No accepted order waits for a confirmation although its customer has paid. */
function debits(play: Play, { charges, movements }: Observation): string[] {
  const paid = new Set(charges.filter(charge => charge.captured > 0).map(each => each.purchaseId))
  return play.world.mirakl
    .orders()
    .filter(order => order.state === 'WAITING_DEBIT_PAYMENT' && paid.has(order.commercialId))
    .filter(order => !inReview(movements, each => each.parties.purchaseId === order.commercialId))
    .map(order => `${order.orderId} is paid for and waits for its confirmation`)
}
