import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const main = resolve(import.meta.dirname, '../../src/cli/main.ts')

test('the demo plays the week through a bad network and its books balance', async () => {
  const { stdout, stderr } = await run(process.execPath, [main, 'demo', '--once', '--json'], {
    timeout: 580_000,
    maxBuffer: 16 * 1024 * 1024,
  })
  // One document and nothing else: JSON.parse refuses whatever stands beside it.
  const report = JSON.parse(stdout) as Record<string, unknown>
  expect(report['problems']).toEqual([])
  expect(report).toMatchObject({
    balanced: true,
    // After each of ten days, and at the end.
    ledger: { balancedDays: 11, days: 11, accounts: 38 },
    transferredTwice: 0,
    // Of a payment that its customer disputes nothing is refunded: Stripe refuses, once.
    failures: { provider_refused: 1 },
    failed: 1,
    services: 8,
    disputes: { won: 1, lost: 1 },
    debts: { EUR: { overSeveralCycles: 1 } },
    environment: 'test',
    others: [{ environment: 'atelier-test', balanced: true, problems: [], failed: 0 }],
    unanswered: 0,
    setAside: 1,
    sellers: { total: 40 },
    purchases: expect.any(Number),
    payments: { open: 0 },
    transfers: expect.any(Number),
    collections: expect.any(Number),
    payouts: expect.any(Number),
    credits: expect.any(Number),
    // A refund that could not reach its customer, and a dispute won: sellers got back what was taken.
    restitutions: 2,
    returns: 1,
    faults: { 'stripe.cut_after': expect.any(Number), 'mirakl.cut_after': expect.any(Number) },
  })
  expect(report['transferredOrders']).toBe(report['payableOrders'])
  expect(Number(report['payableOrders'])).toBeGreaterThan(250)
  const [second] = report['others'] as Record<string, unknown>[]
  expect(Number(second?.['taxedOrders'])).toBeGreaterThan(50)
  expect(Number(report['refunds'])).toBeGreaterThan(30)
  expect(Number(report['reversals'])).toBeGreaterThan(20)
  expect(Object.keys(report['totals'] as object).toSorted()).toEqual(['EUR', 'GBP', 'JPY', 'KWD'])
  expect(stderr).toContain('Status page http://127.0.0.1:')
  // A digest goes out on each morning that has something to say, and all of them arrive.
  const mornings = stderr.match(/send-digest: 1 sent, 1 succeeded/g)?.length ?? 0
  expect(mornings).toBeGreaterThan(0)
  const mails = [report, second].flatMap(each => each?.['mails'])
  expect(mails).toEqual(
    Array.from({ length: mornings }, () => expect.stringMatching(/^\[(atelier-)?test\] ./)),
  )
}, 600_000)
