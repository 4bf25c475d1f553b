import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entriesOf, flow } from '../../src/domain/ledger.ts'
import { appendPostings } from '../../src/store/ledger.ts'
import { type CliMarketplace, openMarketplace, startCommand } from './marketplace.ts'

/** What an operator types beside `run`: looks, changes and what goes wrong. */

let market: CliMarketplace
let order: string
let shop: number

// No Mirakl and no Stripe: looking at what is stored needs neither.
const unconnected = {
  MIRAKL_HOST_NAME: null,
  MIRAKL_API_KEY: null,
  STRIPE_API_BASE: null,
  STRIPE_CLIENT_SECRET: null,
}

beforeAll(async () => {
  market = await openMarketplace()
  shop = market.mirakl.addShop({ name: 'Atelier Nord' })
  await market.stripe.paymentIntents.create({
    amount: 1999,
    currency: 'eur',
    capture_method: 'manual',
    payment_method: 'pm_card_bypassPending',
    confirm: true,
    metadata: { mirakl_commercial_order_id: 'P-1' },
  })
  const lines = [{ price: '19.99', commission: '2' }]
  const input = { commercialId: 'P-1', orders: [{ shopId: shop, lines }] }
  order = market.mirakl.placePurchase(input)[0] ?? ''
  market.mirakl.acceptOrder(order)
})
afterAll(() => market.close())

async function json(...args: string[]) {
  const ended = await market.tributary([...args, '--json'], unconnected)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(ended.stdout) as Record<string, unknown>
}

/** What another seller was given and gave back. */
async function bookTransfer(): Promise<void> {
  const row = await market.database.pool.query<{ id: string }>('select id from environments')
  const booking = { environmentId: row.rows[0]?.id ?? '', provider: 'stripe', at: new Date(0) }
  const parties = {
    movementId: null,
    paymentId: null,
    orderId: null,
    purchaseId: null,
    sellerId: '9001',
    cycleId: null,
  }
  const made = (event: 'transfer' | 'collection', amount: bigint) => ({
    key: event,
    event,
    currency: 'EUR',
    parties,
    entries: entriesOf([flow('commission', 'seller:9001', amount)]),
  })
  const postings = [made('transfer', 500n), made('collection', -200n)]
  await appendPostings(market.database.queries, booking, postings)
}

describe('before the first run', () => {
  it('says that there is no environment', async () => {
    const ended = await market.tributary(['status'], unconnected)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/no environment in this database yet/)
  })
})

describe('after a split that waits for its seller', () => {
  beforeAll(async () => {
    for (const job of ['onboard-sellers', 'validate-payments', 'split-payments']) {
      expect((await market.tributary(['run', job, '-q'])).code).toBe(0)
    }
  })

  it('shows the status without any connection', async () => {
    expect(await json('status')).toMatchObject({
      company: 'default',
      environment: 'test',
      movements: { transfer: { on_hold: 1 }, capture: { succeeded: 1 } },
      oldestHold: { kind: 'transfer', reason: 'seller_not_onboarded' },
      totals: { EUR: { captured: '1999', onHold: '1799' } },
    })
    const { stdout } = await market.tributary(['status'], unconnected)
    expect(stdout).toMatch(/transfer {2}seller_not_onboarded {2}1 {6}17\.99 EUR/)
  })

  it('lists movements', async () => {
    const list = await json('movements', 'list', '--kind', 'transfer')
    expect(list).toMatchObject([{ kind: 'transfer', amount: '1799', orderId: order }])
    expect(await json('movements', 'list', '--status', 'failed')).toEqual([])
    const planned = await json('movements', 'list', '--origin', 'planned')
    expect(planned).toHaveLength(2)
    expect(await json('movements', 'list', '--origin', 'observed')).toEqual([])
    await market.database.pool.query(
      `update movements set origin = 'observed' where kind = 'capture'`,
    )
    const observed = await json('movements', 'list', '--origin', 'observed')
    expect(observed).toMatchObject([{ kind: 'capture', origin: 'observed' }])
    await market.database.pool.query(`update movements set origin = 'planned'`)
  })

  it('compares what should have moved with what did: exit code 1 when it differs', async () => {
    const since = ['audit', 'amounts', '--since', '2026-01-01']
    expect(await json(...since)).toMatchObject({ orders: 1, waiting: 1, differing: 0, lines: [] })
    // Given up behind everybody's back.
    const hold = `update movements set status = 'canceled', reason = 'canceled_by_operator'
      where kind = 'transfer'`
    await market.database.pool.query(hold)
    await market.database.pool.query('update orders set open_for_split = false')
    const ended = await market.tributary([...since, '--json'], unconnected)
    expect(ended.code).toBe(1)
    expect(JSON.parse(ended.stdout)).toMatchObject({
      differing: 1,
      lines: [{ order, seller: String(shop), should: '1799', did: '0', difference: '-1799' }],
    })
    const csv = await market.tributary([...since, '--csv'], unconnected)
    expect(csv.stdout).toBe(
      `"what","order","refund","cycle","seller","currency","should","did","difference","cause"\r\n` +
        `"seller","${order}","","","${shop}","EUR","1799","0","-1799","canceled_by_operator"\r\n`,
    )
    const french = await market.tributary([...since, '--lang', 'fr'], unconnected)
    expect(french.stdout).toMatch(/17\.99 EUR +0\.00 EUR +-17\.99 EUR +canceled_by_operator/)
    expect(french.stdout).toContain('Un opérateur a renoncé')
    await market.database.pool.query(
      `update movements set status = 'on_hold', reason = 'seller_not_onboarded'
       where kind = 'transfer'`,
    )
    await market.database.pool.query('update orders set open_for_split = true')
  })

  it('lists debts and the statement of a shop, and writes nothing off that is not owed', async () => {
    expect(await json('debts', 'list')).toEqual([])
    expect(await json('sellers', 'statement', String(shop))).toEqual({
      shop: String(shop),
      currencies: [],
    })
    const csv = await market.tributary(['sellers', 'statement', String(shop), '--csv'], unconnected)
    expect(csv.stdout).toMatch(/^"currency","at","kind","source","amount","balance"/)
    const off = await market.tributary(
      ['debts', 'write-off', 'debt_1', '--note', 'goodwill'],
      unconnected,
    )
    expect([off.code, off.stderr]).toEqual([1, expect.stringContaining('no debt debt_1')])
    expect((await market.tributary(['debts', 'write-off', 'debt_1'], unconnected)).code).toBe(2)
  })

  it('explains the order: the checks in their order and the first that stopped', async () => {
    const found = await json('explain', 'order', order, '--lang', 'de')
    const plans = found['plans'] as { kind: string; checks: { decided: boolean }[] }[]
    const transfer = plans.find(each => each.kind === 'transfer')
    expect(transfer).toMatchObject({
      decision: 'hold',
      amount: '1799',
      reason: { code: 'seller_not_onboarded', unblockedBy: 'seller' },
      lookedAtBy: 'split-payments',
    })
    expect(transfer?.checks.find(each => each.decided)).toMatchObject({
      reason: 'seller_not_onboarded',
      stops: true,
    })
    expect(found['confirmations']).toMatchObject([{ kind: 'debit', status: 'succeeded' }])
    const { stdout } = await market.tributary(['explain', 'order', order], unconnected)
    expect(stdout).toContain('transfer of order P-1-A: 17.99 EUR  on hold since')
    expect(stdout).toMatch(/stops {2}seller_not_onboarded/)
  })

  it('explains a seller and a movement', async () => {
    expect(await json('explain', 'seller', String(shop))).toMatchObject({
      facts: { name: 'Atelier Nord', kyc: { status: 'PENDING_SUBMISSION' } },
      movements: [{ kind: 'transfer', status: 'on_hold' }],
    })
    const [movement] = (await json('movements', 'list', '--kind', 'capture')) as unknown as {
      id: string
    }[]
    const explained = await json('explain', 'movement', movement?.id ?? '')
    const [only] = explained['movements'] as { journal: { to: string; actor: string }[] }[]
    expect(only?.journal.map(line => line.to)).toEqual(['pending', 'submitted', 'succeeded'])
    expect(only?.journal[0]?.actor).toBe('run:validate-payments')
  })

  it('shows the ledger: balances, a seller, an order, and that it adds up', async () => {
    expect(await json('ledger')).toMatchObject([
      { account: 'customer', amount: '-1999', currency: 'EUR', entries: 1 },
      { account: 'escrow:P-1', amount: '1999' },
    ])
    expect(await json('ledger', 'seller', String(shop))).toEqual([])
    expect(await json('ledger', 'order', order)).toEqual([])
    expect(await json('ledger', 'trial')).toMatchObject([
      { currency: 'EUR', total: '0', entries: 2, unbalanced: [] },
    ])
    const { stdout } = await market.tributary(['ledger', 'balances'], unconnected)
    expect(stdout).toMatch(/stripe {4}customer {4}-19\.99 EUR {2}1/)
    await bookTransfer()
    expect(await json('ledger', 'seller', '9001', '--after', '0')).toMatchObject([
      { event: 'transfer', account: 'seller:9001', amount: '500', balance: '500' },
      { event: 'collection', account: 'seller:9001', amount: '-200', balance: '300' },
    ])
    const page = await json('ledger', 'seller', '9001', '--limit', '1')
    const [first] = page as unknown as { number: string }[]
    const rest = await json('ledger', 'seller', '9001', '--after', first?.number ?? '')
    expect(rest).toMatchObject([{ amount: '-200', balance: '300' }])
  })

  it('says with exit code 1 that the ledger does not add up', async () => {
    await market.database.pool.query(
      `insert into ledger_entries
        (environment_id, posting_key, at, event, provider, currency, account, amount)
       select id, 'broken', created_at, 'transfer', 'stripe', 'JPY', 'commission', 5
       from environments`,
    )
    const ended = await market.tributary(['ledger', 'trial'], unconnected)
    expect(ended.code).toBe(1)
    expect(ended.stdout).toMatch(/JPY +1 +5 JPY +broken/)
  })

  it('exports what is stored about a person, and erases what is finished', async () => {
    const exported = await json('personal-data', 'export', 'seller', String(shop))
    expect(exported).toMatchObject({ seller: { id: String(shop), name: 'Atelier Nord' } })
    const kept = await market.tributary(
      ['personal-data', 'erase', 'seller', String(shop)],
      unconnected,
    )
    expect(kept.code).toBe(1)
    expect(kept.stdout).toMatch(/^redacted: nothing\nkept, not finished: movement /)
    const nobody = await market.tributary(['personal-data', 'erase', 'customer', 'X'], unconnected)
    expect(nobody).toMatchObject({ code: 1, stdout: '' })
    expect(nobody.stderr).toContain('nothing is stored about a customer X')
  })

  it('cancels a movement once, and says why not twice', async () => {
    const list = (await json('movements', 'list', '--kind', 'transfer')) as unknown as {
      id: string
    }[]
    const id = list[0]?.id ?? ''
    const retried = await market.tributary(['movements', 'retry', id], unconnected)
    expect(retried).toMatchObject({ code: 1, stdout: '' })
    expect(retried.stderr).toContain('only a failed movement can be retried')
    const canceled = await market.tributary(['movements', 'cancel', id], unconnected)
    expect(canceled).toMatchObject({ code: 0, stdout: `movement ${id} is canceled\n` })
    expect((await market.tributary(['movements', 'cancel', id], unconnected)).code).toBe(1)
  })

  it('revokes the links of a shop, and the next run writes a new one', async () => {
    const linkOf = async () => (await json('explain', 'seller', String(shop)))['facts']
    const before = (await linkOf()) as { linkInMarketplace: string }
    const ended = await market.tributary(['links', 'revoke', String(shop)], unconnected)
    expect(ended.code).toBe(0)
    expect((await market.tributary(['run', 'onboard-sellers', '-q'])).code).toBe(0)
    const after = (await linkOf()) as { linkInMarketplace: string; linkVersion: number }
    expect(after.linkVersion).toBe(2)
    expect(after.linkInMarketplace).not.toBe(before.linkInMarketplace)
  })
})

describe('what cannot be', () => {
  it.each([
    [['run', 'nothing'], /There is no job nothing/],
    [['run', 'vendor:process'], /process-vendors is not built yet/],
    [['run', 'split-payments', '--since', 'yesterday'], /^tributary: --since is "yesterday"/],
    [['run', 'split-payments', '--environment', 'live'], /STRIPE_CLIENT_SECRET is a test key/],
    [['movements', 'answer', 'mv_1'], /say either --provider-id/],
    [['movements', 'list', '--status', 'lost'], /--status is "lost"/],
    [['ledger', 'order', '1', '--after', 'x'], /--after is x/],
    [['movements', 'list', '--origin', 'moon'], /--origin is "moon"/],
    [['audit', 'amounts', '--since', 'yesterday'], /--since is "yesterday"/],
    [['personal-data', 'erase', 'visitor', '1'], /role is "visitor"/],
    [['audit', 'amounts'], /required option '--since/],
    [['explain', 'invoices', '1'], /type is "invoices": write one of order/],
    [['status', '--environment', 'live'], /no environment live/],
    [['frobnicate'], /unknown command/],
    [['run'], /missing required argument/],
  ])('%j is wrong usage', async (args, problem) => {
    const ended = await market.tributary(args)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(problem)
  })

  it('refuses the database of somebody else’s key', async () => {
    const other = Buffer.alloc(32, 3).toString('base64')
    const ended = await market.tributary(['run', 'split-payments'], { TRIBUTARY_SECRET_KEY: other })
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/TRIBUTARY_SECRET_KEY .* is not the key/)
  })

  it('fails when Mirakl does not take the key, with one document and the mend', async () => {
    const ended = await market.tributary(['run', 'split-payments', '--json'], {
      MIRAKL_API_KEY: 'wrong',
      LOG_LEVEL: 'fatal',
    })
    expect(ended.code).toBe(1)
    expect(JSON.parse(ended.stdout)).toMatchObject({
      job: 'split-payments',
      sent: 0,
      error: expect.stringMatching(/key/i),
    })
  })
})

describe('serve', () => {
  it('answers, works, and leaves cleanly when it is told to', async () => {
    const variables = { ...market.variables, PORT: '0', LOG_LEVEL: 'info' }
    const { child, ended } = startCommand(['serve'], variables)
    const url = await new Promise<string>((resolve, reject) => {
      let told = ''
      child.stderr.on('data', (chunk: Buffer) => {
        told += chunk.toString()
        const found = /"url":"([^"]+)"/.exec(told)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.on('close', () => reject(new Error(`serve ended early: ${told}`)))
    })
    const health = await fetch(new URL('/healthz', url))
    expect(health.status).toBe(200)
    const schedules = await market.database.pool.query<{ name: string }>(
      'select name from jobs.schedule order by name',
    )
    const names = schedules.rows.map(row => row.name)
    expect(names).toEqual(
      expect.arrayContaining([
        'test/apply-provider-events',
        'test/onboard-sellers',
        'test/send-movements',
        'test/settle-sellers',
        'test/split-payments',
        'test/validate-payments',
      ]),
    )
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0, stdout: '' })
    const status = await json('status')
    expect(status['jobs']).toHaveLength(names.length)
  })
})
