import type { OrderReport } from '../mirakl/control.ts'
import { toText } from '../mirakl/decimal.ts'
import type { PlannedOrder, PlannedPurchase } from './purchase-plan.ts'
import type { Stage } from './stage.ts'

/** An order as it was placed, with what its seller is going to do. */
export interface PlacedOrder {
  readonly id: string
  readonly purchase: PlannedPurchase
  readonly plan: PlannedOrder
}

/** What a seller (or the customer, who gives the order up) does with an order. */
export function answer(stage: Stage, order: PlacedOrder): 'accepted' | 'refused' | 'canceled' {
  const { mirakl } = stage
  const { fate } = order.plan
  const lines = order.plan.lines.map((_, at) => `${order.id}-${at + 1}`)
  switch (fate.seller) {
    case 'refuses':
      mirakl.refuseOrder(order.id)
      return 'refused'
    case 'canceled':
      for (const line of lines) mirakl.cancelLine(line)
      return 'canceled'
    case 'accepts': {
      if (fate.trims !== undefined) trim(stage, order, fate.trims)
      const refuseLines = (fate.refuses ?? []).map(at => lines[at] ?? '')
      mirakl.acceptOrder(order.id, { refuseLines })
      return 'accepted'
    }
  }
}

/** A quarter of a line is canceled before it is accepted, half of its shipping too. */
function trim(stage: Stage, order: PlacedOrder, at: number): void {
  const line = order.plan.lines[at]
  if (line === undefined) return
  const text = (minor: number): string => toText(BigInt(minor), order.purchase.currency)
  stage.mirakl.cancelLine(`${order.id}-${at + 1}`, {
    amount: text(Math.floor(line.price / 4)),
    shippingAmount: text(Math.floor(line.shipping / 2)),
  })
}

/** Every paid order goes on its way; those that are on their way arrive. Returns how many each. */
export function ship(stage: Stage): { shipped: number; received: number } {
  const standing = (state: OrderReport['state']): string[] =>
    stage.mirakl
      .orders()
      .filter(order => order.state === state)
      .map(order => order.orderId)
  const arriving = standing('SHIPPED')
  const leaving = standing('SHIPPING')
  for (const id of arriving) stage.mirakl.receiveOrder(id)
  for (const id of leaving) stage.mirakl.shipOrder(id)
  return { shipped: leaving.length, received: arriving.length }
}
