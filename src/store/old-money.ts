import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import { returnKinds } from '../domain/book-entry.ts'

/** Money that has lain in a balance for long. */
export interface OldMoney {
  /** The seller's account; null: the platform's own balance. */
  readonly account: string | null
  /** Those whom the account serves. */
  readonly sellerIds: readonly string[]
  readonly currency: string
  /** Minor units. */
  readonly amount: bigint
  /** Since when the oldest of it is there; of the platform's balance: that it is older than this. */
  readonly since: Date
}

interface Row {
  account: string | null
  sellers: string[]
  currency: string
  amount: string
  since: Date
}

/**
 * What sellers were given and have not been paid out, first come first gone. A payout that came back
 * never went. What nobody recorded as a movement is not counted.
 * @param before the money must be older; by country, '' for every other
 */
export async function oldMoneyOfSellers(
  queries: Queries,
  environmentId: string,
  before: ReadonlyMap<string, Date>,
  limit: number,
): Promise<OldMoney[]> {
  const cases = [...before].filter(([country]) => country !== '')
  const cutoff = sql`case a.country ${sql.join(
    cases.map(([country, at]) => sql`when ${country} then ${at}::timestamptz`),
    sql` `,
  )} else ${before.get('') ?? new Date(0)}::timestamptz end`
  const { rows } = await sql<Row>`
    with flows as (
      -- A movement that has succeeded is not touched again: that is when the money came.
      select m.account, m.currency, m.updated_at as at, m.id,
        case when m.kind in ('transfer', 'tax_transfer', 'credit', 'restitution')
          then m.sent_amount else 0 end as came,
        case when m.kind in ('payout', 'reversal', 'tax_reversal', 'collection', 'provider_fee')
          then m.sent_amount when m.kind = 'return' then -m.sent_amount else 0 end as went
      from movements m
      where m.environment_id = ${environmentId} and m.account is not null
        and m.sent_amount is not null
        and (m.status = 'succeeded'
          or (m.status in ('submitted', 'accepted')
            and m.kind in ('payout', 'reversal', 'tax_reversal', 'collection')))
    ), running as (
      select f.*, sum(f.came) over (partition by f.account, f.currency order by f.at, f.id) as sum_came,
        sum(f.went) over (partition by f.account, f.currency) as sum_went
      from flows f
    )
    select r.account, r.currency, min(r.at) as since,
      (max(r.sum_came) - max(r.sum_went))::text as amount,
      array(select s.id from sellers s where s.environment_id = ${environmentId}
        and s.account_id = r.account order by s.id) as sellers
    from running r
    join accounts a on a.environment_id = ${environmentId} and a.id = r.account
    where r.came > 0 and r.sum_came > r.sum_went and r.at < ${cutoff}
    group by r.account, r.currency
    order by since, r.account
    limit ${limit}`.execute(queries)
  return rows.map(oldMoneyOf)
}

/**
 * What lies in the platform's own balance since before a moment, by its books: what was there then,
 * less what has gone since. What went out for a payment that came later took none of it.
 */
export async function oldMoneyOfPlatform(
  queries: Queries,
  environmentId: string,
  before: Date,
): Promise<OldMoney[]> {
  const returns = sql.join(returnKinds.map(kind => sql.lit(kind)))
  const { rows } = await sql<Row>`
    select null as account, e.currency, sum(e.net)::text as amount,
      ${before}::timestamptz as since, array[]::text[] as sellers
    from book_entries e
    left join movements m on m.environment_id = e.environment_id and m.id = e.movement_id
    where e.environment_id = ${environmentId} and e.account is null
      and (e.at < ${before} or ((e.net < 0 or e.kind in (${returns})) and not exists (
        select from book_entries c where c.environment_id = e.environment_id
          and c.payment_id = m.payment_id and c.kind = 'charge' and c.at >= ${before})))
    group by e.currency
    having sum(e.net) > 0
    order by e.currency`.execute(queries)
  return rows.map(oldMoneyOf)
}

function oldMoneyOf(row: Row): OldMoney {
  const { account, currency, since, sellers } = row
  return { account, currency, since, sellerIds: sellers, amount: BigInt(row.amount) }
}
