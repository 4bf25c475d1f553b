import { planConfirmation } from '../../src/store/confirmations.ts'
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
      instruction: '{}',
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
