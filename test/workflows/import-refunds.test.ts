import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { type ImportLaboratory, openImportLaboratory } from './import-laboratory.ts'

let database: Database
let lab: ImportLaboratory
const refunds = new Map<string, string>()

/** What the old connector had of a refund of 30.00 (commission 3.00) and of its reversal. */
interface Case {
  readonly name: string
  readonly refund: 'made' | 'unnamed' | 'never'
  readonly status: string
  readonly told: boolean
  readonly reversal: 'made' | 'unnamed' | 'never' | 'no_row'
  readonly reason?: string
}

const cases: readonly Case[] = [
  { name: 'DONE', refund: 'made', status: 'CREATED', told: true, reversal: 'made' },
  { name: 'TIMEOUT', refund: 'unnamed', status: 'FAILED', told: false, reversal: 'no_row' },
  { name: 'UNTOLD', refund: 'made', status: 'FAILED', told: false, reversal: 'no_row' },
  { name: 'PENDING', refund: 'never', status: 'PENDING', told: false, reversal: 'no_row' },
  { name: 'UNREVERSED', refund: 'made', status: 'CREATED', told: true, reversal: 'never' },
  { name: 'LOST', refund: 'made', status: 'CREATED', told: true, reversal: 'unnamed' },
  {
    name: 'ABORTED',
    refund: 'never',
    status: 'ABORTED',
    told: false,
    reversal: 'no_row',
    reason: 'Payment ch_1 has been fully refunded',
  },
]

beforeAll(async () => {
  database = await openTestDatabase()
  lab = await openImportLaboratory(database)
  const seller = await lab.mapped()
  for (const each of cases) await play(lab, seller, each)
})
afterAll(async () => {
  await lab.close()
  await database.close()
})

async function play(
  world: ImportLaboratory,
  seller: Awaited<ReturnType<ImportLaboratory['mapped']>>,
  given: Case,
): Promise<void> {
  const { old, sdk, connector } = world
  const sold = await world.sell(seller.shop, `P-${given.name}`)
  await world.receive()
  await world.validateBefore()
  const transfer = await world.transferBefore(seller.account, sold)
  const row = { account_mapping_id: seller.mapping, currency: 'eur' }
  await old.add('stripe_transfer', {
    ...row,
    mirakl_id: sold.order,
    type: 'TRANSFER_PRODUCT_ORDER',
    transfer_id: transfer,
    transaction_id: sold.charge,
    amount: 9_000,
    status: 'TRANSFER_CREATED',
  })
  const removed = { amount: '30.00', commission: '3.00' }
  const id = world.mirakl.openRefund(`${sold.order}-1`, removed)
  refunds.set(given.name, id)
  const metadata = { miraklRefundId: id, ...connector }
  const made =
    given.refund === 'never'
      ? null
      : await sdk.refunds.create({ charge: sold.charge, amount: 3_000, metadata })
  if (given.told) await tell(world, id, made?.id ?? '')
  await old.add('stripe_refund', {
    type: 'REFUND_PRODUCT_ORDER',
    amount: 3_000,
    currency: 'eur',
    mirakl_refund_id: id,
    mirakl_commercial_order_id: `P-${given.name}`,
    mirakl_order_id: sold.order,
    mirakl_order_line_id: `${sold.order}-1`,
    transaction_id: sold.charge,
    stripe_refund_id: given.refund === 'made' ? (made?.id ?? null) : null,
    status: `REFUND_${given.status}`,
    status_reason: given.reason ?? null,
  })
  if (given.reversal === 'no_row') return
  const reversal =
    given.reversal === 'never'
      ? null
      : await sdk.transfers.createReversal(transfer, { amount: 2_700, metadata: connector })
  const status = { made: 'CREATED', unnamed: 'FAILED', never: 'ON_HOLD' }[given.reversal]
  await old.add('stripe_transfer', {
    ...row,
    account_mapping_id: null,
    mirakl_id: id,
    type: 'TRANSFER_REFUND',
    transfer_id: given.reversal === 'made' ? (reversal?.id ?? null) : null,
    transaction_id: transfer,
    amount: 2_700,
    status: `TRANSFER_${status}`,
  })
}

async function tell(world: ImportLaboratory, id: string, reference: string): Promise<void> {
  for await (const page of world.marketplace.refunds()) {
    for (const reading of page.readings) {
      if (!reading.ok || reading.value.id !== id) continue
      const at = world.clock.now()
      await world.marketplace.confirmRefund({ refund: reading.value, paid: true, reference, at })
    }
  }
}

async function rows() {
  const found = await lab.movements()
  const names = new Map([...refunds].map(([name, id]) => [id, name]))
  return found
    .filter(each => each.source.type === 'refund')
    .map(each => `${names.get(each.source.id)} ${each.kind} ${each.origin} ${each.status}`)
    .toSorted()
}

const taken = [
  'ABORTED refund observed canceled',
  'DONE refund observed succeeded',
  'DONE reversal observed succeeded',
  'LOST refund observed succeeded',
  'LOST reversal observed succeeded',
  'TIMEOUT refund observed succeeded',
  'UNREVERSED refund observed succeeded',
  'UNTOLD refund observed succeeded',
]

describe('importing refunds of every status', () => {
  test('books what was made, also what nobody named', async () => {
    const report = await lab.import(true)
    expect(report.problems).toEqual([])
    expect(await rows()).toEqual(taken)
    const again = await lab.import(true)
    expect(again.written).toEqual({ sellers: 0, payments: 0, movements: 0, checkpoints: 0 })
    expect(await rows()).toEqual(taken)
  })

  test('the next runs pay and take back only what is missing', async () => {
    expect(lab.stripe.books().totals['eur']).toMatchObject({ refunded: 15_000, reversed: 5_400 })
    for (let run = 0; run < 3; run += 1) {
      expect(await lab.run('refund-payments')).toMatchObject({ error: null, failed: 0 })
      await lab.run('split-payments')
    }
    expect(await rows()).toEqual(
      [
        ...taken,
        // It waits for the platform's balance, as Stripe lets a refund do.
        'PENDING refund planned accepted',
        ...['PENDING', 'TIMEOUT', 'UNREVERSED', 'UNTOLD'].map(
          name => `${name} reversal planned succeeded`,
        ),
      ].toSorted(),
    )
    const totals = { refunded: 18_000, reversed: 16_200, transferred: 63_000 }
    expect(lab.stripe.books().totals['eur']).toMatchObject(totals)
  })
})
