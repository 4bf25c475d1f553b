import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { BookEntryKind } from '../domain/book-entry.ts'
import type { PaymentFacts } from '../domain/reconcile-payment.ts'
import type { LooseFees, LooseLine } from '../domain/reconcile-line.ts'
import type { Payment } from '../domain/payment.ts'
import type { Coverage } from './reconcile-coverage.ts'
import type { Stretch } from './reconcile-movements.ts'

/** A batch of lines that belong to nothing, or to a row that is there no more; by id. */
export async function looseLines(
  queries: Queries,
  environmentId: string,
  { since, until, after, limit }: Stretch,
): Promise<LooseLine[]> {
  const { rows } = await sql<{
    id: string
    account: string | null
    kind: string
    at: Date
    amount: bigint
    currency: string
    source_id: string | null
    movement_id: string | null
    payment_id: string | null
    remark: string | null
  }>`
    select e.id, e.account, e.kind, e.at, e.amount, e.currency, e.source_id,
      e.movement_id, e.payment_id, e.remark
    from book_entries e
    left join movements m on m.environment_id = e.environment_id and m.id = e.movement_id
    left join payments p on p.environment_id = e.environment_id and p.provider = e.provider
      and p.id = e.payment_id
    where e.environment_id = ${environmentId} and e.at >= ${since} and e.at < ${until}
      and e.id > ${after} and m.id is null and p.id is null
    order by e.id limit ${limit}`.execute(queries)
  return rows.map(row => ({
    id: row.id,
    account: row.account,
    kind: row.kind as BookEntryKind,
    at: row.at,
    amount: row.amount,
    currency: row.currency,
    sourceId: row.source_id,
    lost: { movementId: row.movement_id, paymentId: row.payment_id },
    remark: row.remark,
  }))
}

/** Days (UTC) that were over before `until` and whose fees no movement books. */
export async function looseFees(
  queries: Queries,
  environmentId: string,
  { since, until }: Pick<Stretch, 'since' | 'until'>,
): Promise<LooseFees[]> {
  const { rows } = await sql<{
    day: string
    account: string | null
    currency: string
    cost: string
  }>`
    select to_char(e.at at time zone 'UTC', 'YYYY-MM-DD') as day, e.account, e.currency,
      sum(e.cost)::text as cost
    from book_entries e
    left join movements m on m.environment_id = e.environment_id and m.id = e.fee_movement_id
    where e.environment_id = ${environmentId} and e.cost <> 0 and m.id is null
      and e.at >= ${since} and e.at < date_trunc('day', ${until}::timestamptz at time zone 'UTC')
        at time zone 'UTC'
    group by 1, 2, 3 having sum(e.cost) <> 0
    order by 1, 2, 3`.execute(queries)
  return rows.map(row => ({ ...row, cost: BigInt(row.cost) }))
}

/** A batch of payments that the provider told of in a stretch, with their lines. */
export async function paymentsToJudge(
  queries: Queries,
  environmentId: string,
  { since, until, after, limit }: Stretch,
  coverage: Coverage,
): Promise<PaymentFacts[]> {
  const { rows } = await sql<{
    id: string
    charge_id: string | null
    status: string
    currency: string
    captured: bigint
    booked: bigint
    created_at: Date
    told_at: Date
    lines_amount: string | null
    lines_currency: string | null
  }>`
    select p.id, p.charge_id, p.status, p.currency, p.captured, p.booked, p.created_at, p.told_at,
      l.amount as lines_amount, l.currency as lines_currency
    from payments p
    left join lateral (
      select sum(e.amount)::text as amount, min(e.currency) as currency from book_entries e
      where e.environment_id = p.environment_id and e.payment_id = p.id
        and e.kind = 'charge' and e.account is null
    ) l on true
    where p.environment_id = ${environmentId} and p.id > ${after}
      and p.told_at >= ${since} and p.told_at < ${until}
    order by p.id limit ${limit}`.execute(queries)
  const facts: PaymentFacts[] = []
  for (const row of rows) {
    const { lines_amount: amount, lines_currency: inCurrency } = row
    facts.push({
      payment: {
        id: row.id,
        chargeId: row.charge_id,
        status: row.status as Payment['status'],
        currency: row.currency,
        captured: row.captured,
        createdAt: row.created_at,
      },
      booked: row.booked,
      inBooks:
        amount === null || inCurrency === null
          ? null
          : { amount: BigInt(amount), currency: inCurrency },
      covered: await coverage(null, row.created_at, row.told_at),
      toldAt: row.told_at,
    })
  }
  return facts
}
