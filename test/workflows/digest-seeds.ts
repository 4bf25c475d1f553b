import { planConfirmation } from '../../src/store/confirmations.ts'
import { encodeBody } from '../../src/store/json-body.ts'
import { saveDispute } from '../../src/store/disputes.ts'
import { addNotification } from '../../src/store/notifications.ts'
import { endRun, startRun } from '../../src/store/runs.ts'
import { setAside } from '../../src/store/set-aside.ts'
import type { Laboratory } from './laboratory.ts'

const day = 24 * 3_600_000

interface Seed {
  readonly id: string
  readonly status: 'failed' | 'on_hold' | 'submitted' | 'succeeded' | 'canceled'
  readonly reason?: string
  readonly kind?: string
  readonly amount?: bigint
  readonly currency?: string
  readonly daysAgo?: number
  readonly message?: string
  readonly needsReview?: boolean
}

/** A movement as its history has left it. */
export async function seed(lab: Laboratory, given: Seed): Promise<void> {
  const at = new Date(lab.clock.now().getTime() - (given.daysAgo ?? 0) * day)
  const amount = given.amount ?? 1_000n
  const environment_id = lab.environment.id
  await lab.database.queries
    .insertInto('movements')
    .values({
      environment_id,
      id: given.id,
      kind: given.kind ?? 'transfer',
      origin: 'planned',
      source_type: 'order',
      source_id: given.id,
      part: '',
      sequence: 1,
      status: given.status,
      reason: given.reason ?? null,
      needs_review: given.needsReview ?? false,
      currency: given.currency ?? 'EUR',
      amount,
      sent_amount: amount,
      seller_id: '2001',
      order_id: `ORD-${given.id}`,
      provider: 'stripe',
      instruction: encodeBody({
        do: 'transfer',
        currency: given.currency ?? 'EUR',
        amount,
        destination: 'acct_1',
        sourceCharge: null,
        group: null,
      }),
      facts: '{}',
      failure_code: given.message === undefined ? null : 'code',
      failure_message: given.message ?? null,
      created_at: at,
      updated_at: at,
    })
    .execute()
  await lab.database.queries
    .insertInto('movement_journal')
    .values({
      environment_id,
      movement_id: given.id,
      at,
      actor: 'test',
      from_status: null,
      to_status: given.status,
      reason: given.reason ?? null,
      attempt: 1,
      facts: '{}',
    })
    .execute()
}

/** A confirmation that Mirakl refused; `target` in this state since it was planned. */
export async function refuseConfirmation(lab: Laboratory, target: string): Promise<void> {
  const refused = {
    kind: 'debit',
    targetId: target,
    sequence: 1,
    status: 'failed',
    says: 'paid',
    reason: 'confirmation_refused',
    sellerId: '2001',
    orderId: `ORD-${target}`,
    purchaseId: null,
    cycleId: null,
    amount: 4_400n,
    currency: 'EUR',
    reference: null,
    facts: {},
  } as const
  await planConfirmation(lab.database.queries, lab.environment.id, refused, lab.clock.now())
  await lab.database.queries
    .updateTable('confirmations')
    .set({ message: 'HTTP 400: wrong amount' })
    .where('target_id', '=', target)
    .execute()
}

/** The account of a shop is restricted in so many days, unless two things are handed in. */
export async function setDeadline(lab: Laboratory, shop: number, days: number): Promise<void> {
  const account = await lab.accountOf(shop)
  await lab.database.queries
    .updateTable('accounts')
    .set({
      current_deadline: new Date(lab.clock.now().getTime() + days * day),
      currently_due: '["individual.verification.document","external_account"]',
    })
    .where('environment_id', '=', lab.environment.id)
    .where('id', '=', account)
    .execute()
}

export const badAmount = {
  kind: 'order',
  id: 'C-7-A',
  field: 'order_lines[0].price',
  problem: '10.075 has more digits than EUR has',
  raw: {},
} as const

/** A job whose last run ended early, and a shop for which Stripe makes no account. */
export async function breakJobAndCreation(lab: Laboratory, shop: string): Promise<void> {
  const { queries } = lab.database
  const environmentId = lab.environment.id
  const id = `run-${environmentId}`
  const at = lab.clock.now()
  await startRun(queries, environmentId, { id, job: 'settle-sellers', actor: 'test', at })
  const error = 'Mirakl answers 401. Look at MIRAKL_API_KEY.'
  await endRun(queries, environmentId, { id, at, counts: {}, error })
  await queries
    .insertInto('sellers')
    .values({
      environment_id: environmentId,
      id: shop,
      name: 'Ohne Konto',
      professional: true,
      ignored: false,
      payment_blocked: false,
      updated_at: at,
      account_problem: 'Country XX is not supported.',
      account_mend: 'Correct the country.',
    })
    .execute()
}

/** What the lines of the mail can be about. */
export const subjects = [
  'movement',
  'confirmation',
  'authorization',
  'dispute',
  'seller',
  'unreadable',
  'notification',
  'job',
  'creation',
]

/** One of everything that the mail has a section for. */
export async function seedAll(lab: Laboratory): Promise<void> {
  const shop = await lab.openSeller({ name: 'Atelier & Søn' })
  const failed = {
    status: 'failed',
    reason: 'provider_refused',
    message: 'No <such> account',
  } as const
  await seed(lab, { id: 'mv_a', ...failed, amount: 100_000n, daysAgo: 3 })
  await seed(lab, { id: 'mv_b', ...failed, amount: 20_400n })
  await seed(lab, { id: 'mv_c', status: 'submitted', needsReview: true, amount: 1n, daysAgo: 4 })
  const held = { status: 'on_hold', reason: 'seller_balance_short' } as const
  await seed(lab, {
    id: 'mv_d',
    ...held,
    kind: 'reversal',
    currency: 'JPY',
    amount: 5_000n,
    daysAgo: 9,
  })
  await seed(lab, { id: 'mv_e', ...held, kind: 'reversal', daysAgo: 12 })
  await seed(lab, { id: 'mv_f', status: 'on_hold', reason: 'paused', kind: 'payout', daysAgo: 6 })
  await refuseConfirmation(lab, `debit-${lab.environment.id}`)
  await setAside(lab.database.queries, lab.environment.id, [badAmount], lab.clock.now())
  await lab.pay('P-9', 3_300)
  lab.mirakl.placePurchase({
    commercialId: 'P-9',
    currency: 'EUR',
    orders: [{ shopId: shop, lines: [{ price: '33.00' }] }],
  })
  const now = lab.clock.now()
  await lab.receive()
  await lab.run('split-payments')
  // After the runs: they take over what the provider shows.
  await setDeadline(lab, shop, 9)
  await lab.database.queries
    .updateTable('payments')
    .set({ id: 'pi_9', capture_before: new Date(now.getTime() + day) })
    .where('environment_id', '=', lab.environment.id)
    .execute()
  const dispute = {
    id: 'du_1',
    chargeId: 'ch_9',
    paymentId: 'pi_9',
    amount: 3_300n,
    currency: 'EUR',
    status: 'needs_response',
    reason: 'product_not_received',
    evidenceDue: new Date(now.getTime() + 10 * day),
    createdAt: now,
    postings: [],
    purchaseId: 'P-9',
  } as const
  await saveDispute(lab.database.queries, lab.environment.id, 'stripe', dispute, now)
  const notification = { id: `ntf_${lab.environment.id}`, sellerId: '2001', movementId: null }
  const body =
    '{"type":"transfer.failed","payload":{"miraklId":"ORD-1","amount":900,"currency":"EUR"}}'
  const fresh = { ...notification, type: 'transfer.failed', body }
  await addNotification(lab.database.queries, lab.environment.id, fresh, now)
  await lab.database.queries
    .updateTable('notifications')
    .set({ step: 5, problem: 'HTTP 503' })
    .where('id', '=', notification.id)
    .execute()
  await breakJobAndCreation(lab, '2999')
}
