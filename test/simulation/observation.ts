import { movementOf } from '../../src/store/movement-rows.ts'
import type { Movement } from '../../src/domain/movement.ts'
import { accountsByShop, shopsOfAccounts } from './sellers.ts'
import { type World, purchaseKey } from './world.ts'

/** Something that moved money at Stripe, as Stripe's own lists show it. */
export interface Made {
  readonly what: 'transfer' | 'collection' | 'payout' | 'refund' | 'reversal'
  readonly id: string
  readonly amount: number
  /** Failed and canceled ones moved nothing in the end. */
  readonly stands: boolean
  readonly status: string
  readonly movementId: string
  readonly orderId: string
  readonly refundId: string
  readonly cycleId: string
  /** Transfers: from a charge, or from the platform's balance. */
  readonly fromCharge: boolean
  readonly account: string
}

export interface Charge {
  readonly id: string
  readonly purchaseId: string
  readonly authorised: number
  /** 0 while it is only authorised. */
  readonly captured: number
  readonly paid: boolean
}

export interface JournalRow {
  readonly movement_id: string
  readonly from_status: string | null
  readonly to_status: string
}

/** Everything that an audit looks at, read in one go: Stripe's lists and our tables. */
export interface Observation {
  readonly made: readonly Made[]
  readonly charges: readonly Charge[]
  readonly movements: readonly Movement[]
  readonly journal: readonly JournalRow[]
  readonly accounts: ReadonlyMap<number, string>
  /** Shops that have more than one account. */
  readonly twofold: readonly number[]
}

type StripeObject = { readonly [key: string]: unknown }

export async function observe(world: World): Promise<Observation> {
  const { stripeApi, database, environment } = world
  const accounts = await accountsByShop(world)
  const shops = await shopsOfAccounts(world)
  const twofold = shops.filter((shop, at) => shops.indexOf(shop) !== at)
  const made: Made[] = []
  for (const transfer of await stripeApi.list('/v1/transfers')) {
    const account = String(transfer['destination'])
    made.push(madeOf('transfer', transfer, account))
    if (Number(transfer['amount_reversed']) === 0) continue
    for (const each of await stripeApi.list(`/v1/transfers/${String(transfer['id'])}/reversals`)) {
      made.push(madeOf('reversal', each, account))
    }
  }
  for (const refund of await stripeApi.list('/v1/refunds')) made.push(madeOf('refund', refund, ''))
  for (const account of accounts.values()) {
    for (const each of await stripeApi.list('/v1/payouts', account)) {
      made.push(madeOf('payout', each, account))
    }
    for (const each of await stripeApi.list('/v1/transfers', account)) {
      made.push(madeOf('collection', each, account))
    }
  }
  const charges = (await stripeApi.list('/v1/charges')).map(chargeOf)
  const rows = await database.queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environment.id)
    .orderBy('id')
    .execute()
  const journal = await database.queries
    .selectFrom('movement_journal')
    .select(['movement_id', 'from_status', 'to_status'])
    .where('environment_id', '=', environment.id)
    .orderBy('number')
    .execute()
  return { made, charges, movements: rows.map(movementOf), journal, accounts, twofold }
}

function madeOf(what: Made['what'], object: StripeObject, account: string): Made {
  const metadata = object['metadata'] as Record<string, string>
  return {
    what,
    id: String(object['id']),
    amount: Number(object['amount']),
    status: String(object['status']),
    stands: !['failed', 'canceled'].includes(String(object['status'])),
    movementId: metadata['tributary_movement'] ?? '',
    orderId: metadata['miraklOrderId'] ?? '',
    refundId: metadata['miraklRefundId'] ?? '',
    cycleId: metadata['invoiceId'] ?? '',
    fromCharge: typeof object['source_transaction'] === 'string',
    account,
  }
}

function chargeOf(charge: StripeObject): Charge {
  return {
    id: String(charge['id']),
    purchaseId: (charge['metadata'] as Record<string, string>)[purchaseKey] ?? '',
    authorised: Number(charge['amount']),
    captured: charge['captured'] === true ? Number(charge['amount_captured']) : 0,
    paid: charge['paid'] === true && charge['status'] === 'succeeded',
  }
}
