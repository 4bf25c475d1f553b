import { expect, onTestFinished } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { type Laboratory, type LaboratoryOptions, openLaboratory } from './laboratory.ts'

/**
 * A marketplace with refunds switched on and one seller who can be paid. At the end of the test the
 * ledger is compared with what the simulated Stripe has.
 */
export async function openShop(
  database: Database,
  options: LaboratoryOptions & {
    /** False: the test moves money at Stripe that nobody here is told of. */
    readonly audited?: boolean
  } = {},
) {
  const enable = {
    ...defaultSettings.enable,
    productSplit: true,
    productRefund: true,
    ...options.settings?.enable,
  }
  const lab = await openLaboratory(database, {
    ...options,
    settings: { ...options.settings, enable },
  })
  if (options.audited !== false) {
    onTestFinished(async () => {
      // What is under way there may be done by now.
      await lab.receive()
      expect(await lab.auditLedger(), 'the ledger against Stripe').toEqual([])
      expect(await lab.leftInEscrow(), 'escrows of what is over').toEqual([])
    })
  }
  // Stripe's fees would hide what the platform owes and has.
  lab.stripe.configure({ fees: {} })
  const shop = await lab.openSeller()
  /** Refunds with something left to do. */
  const openRefunds = async () => {
    const rows = await database.queries
      .selectFrom('marketplace_refunds')
      .select('id')
      .where('environment_id', '=', lab.environment.id)
      .where('open', '=', true)
      .orderBy('id')
      .execute()
    return rows.map(row => row.id)
  }
  return { lab: { ...lab, openRefunds }, shop }
}

/** Everything that was moved in EUR, as the simulated Stripe counted it; minor units. */
export function purchaseTotals(lab: Laboratory) {
  return lab.stripe.books().totals['eur']
}

export interface Sale {
  readonly price?: string
  readonly commission?: string
  readonly minor?: number
  readonly lines?: number
  /** Inside the price, of each line. */
  readonly taxes?: string
}

/** Sells one order of 100.00 with a commission of 10.00 and captures its payment. Returns its id. */
export async function sellOne(
  lab: Laboratory,
  shopId: number,
  purchase: string,
  sale: Sale = {},
): Promise<string> {
  const { price = '100.00', commission = '10.00', minor = 10_000, lines = 1, taxes } = sale
  const line = { price, commission, ...(taxes === undefined ? {} : { taxes }) }
  await lab.pay(purchase, minor)
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: purchase,
    currency: 'EUR',
    orders: [{ shopId, lines: Array.from({ length: lines }, () => line) }],
  })
  lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  return order
}

/** Refunds and what follows from them: kind, refund, amount, status, reason. */
export async function refundRows(lab: Laboratory) {
  const movements = (await lab.movements()).filter(each => each.source.type === 'refund')
  return movements
    .map(each => [each.kind, each.source.id, each.amount, each.status, each.reason])
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}

/** What the marketplace was told of refunds, in order: says, status, reason, reference. */
export async function toldRefunds(lab: Laboratory) {
  const rows = await lab.database.queries
    .selectFrom('confirmations')
    .select(['target_id', 'says', 'status', 'reason', 'reference'])
    .where('environment_id', '=', lab.environment.id)
    .where('kind', '=', 'refund')
    .orderBy('sequence')
    .execute()
  return rows.map(row => [row.target_id, row.says, row.status, row.reason, row.reference])
}
