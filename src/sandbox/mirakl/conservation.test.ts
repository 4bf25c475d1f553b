import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { createRandom } from '../random.ts'
import { toMinor } from './decimal.ts'
import { createMiraklSandbox } from './sandbox.ts'
import type { MiraklSandbox } from './sandbox.ts'

const currencies = ['EUR', 'JPY', 'KWD'] as const
const digits = { EUR: 2, JPY: 0, KWD: 3 }

async function put(mirakl: MiraklSandbox, path: string, body: string): Promise<void> {
  const headers = { authorization: 'key', 'content-type': 'application/json' }
  const response = await mirakl.handler(
    new Request(`https://tenant.example${path}`, { method: 'PUT', headers, body }),
  )
  expect([response.status, await response.text()]).toEqual([204, ''])
}

/** Confirms everything that PA11 and PA12 list, with the very digits they were written with. */
async function payEverything(mirakl: MiraklSandbox, path: string): Promise<void> {
  const headers = { authorization: 'key' }
  const url = `https://tenant.example${path}?max=100`
  const text = await (await mirakl.handler(new Request(url, { headers }))).text()
  const list = JSON.parse(text.replaceAll(/"amount":(-?[\d.]+)/g, '"amount":"$1"')) as {
    orders: { order: Waiting[] }
  }
  for (const order of list.orders.order) {
    if (path.endsWith('debit')) {
      const { order_id, customer_id, amount, currency_iso_code } = order
      const element = JSON.stringify({ order_id, customer_id, currency_iso_code })
      const paid = `${element.slice(0, -1)},"payment_status":"OK","amount":${amount}}`
      await put(mirakl, path, `{"orders":[${paid}]}`)
      continue
    }
    for (const line of order.order_lines.order_line) {
      for (const { id, amount } of line.refunds.refund) {
        const currency = `"currency_iso_code":"${order.currency_iso_code}"`
        const refund = `{"refund_id":"${id}","payment_status":"OK","amount":${amount},${currency}}`
        await put(mirakl, path, `{"refunds":[${refund}]}`)
      }
    }
  }
}

interface Waiting {
  order_id: string
  customer_id: string
  amount: string
  currency_iso_code: string
  order_lines: { order_line: { refunds: { refund: { id: string; amount: string }[] } }[] }
}

/** A purchase of several lines, some canceled or refunded in part. */
async function trade(mirakl: MiraklSandbox, seed: number, shopId: number): Promise<void> {
  const random = createRandom(seed)
  const currency = currencies[Math.floor(random() * 3)] ?? 'EUR'
  const amount = (upTo: number): string => (random() * upTo).toFixed(digits[currency])
  const line = () => ({
    price: amount(100),
    shipping: amount(9),
    quantity: 2,
    taxes: amount(5),
    shippingTaxes: amount(1),
    commission: amount(8),
    commissionTax: amount(2),
    fundingOperator: amount(3),
  })
  const [id = ''] = mirakl.placePurchase({
    commercialId: `P${seed}`,
    currency,
    taxMode: random() < 0.5 ? 'TAX_INCLUDED' : 'TAX_EXCLUDED',
    orders: [{ shopId, lines: [line(), line(), line()] }],
  })
  mirakl.acceptOrder(id, { refuseLines: random() < 0.3 ? [`${id}-3`] : [] })
  const part = (): { amount: string; quantity: number } => ({ amount: amount(0.5), quantity: 1 })
  const attempt = (act: () => unknown): void => {
    try {
      act()
    } catch {
      // More than the line has left is refused, and changes nothing.
    }
  }
  attempt(() => mirakl.cancelLine(`${id}-1`, part()))
  if (random() < 0.3) attempt(() => mirakl.cancelLine(`${id}-2`))
  await payEverything(mirakl, '/api/payment/debit')
  attempt(() => mirakl.openRefund(`${id}-1`, part()))
  attempt(() => mirakl.openRefund(`${id}-1`, part()))
  if (random() < 0.3) attempt(() => mirakl.openRefund(`${id}-2`))
  if (random() < 0.7) await payEverything(mirakl, '/api/payment/refund')
}

test('what cycles pay is what was sold, less commission and refunds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1e6 }), { maxLength: 6 }), async seeds => {
      const clock = createClock(new Date('2026-01-05T09:00:00Z'))
      const mirakl = createMiraklSandbox({ clock, seed: 1 })
      const shopId = mirakl.addShop()
      for (const seed of new Set(seeds)) {
        await trade(mirakl, seed, shopId)
        if (seed % 2 === 0) mirakl.closeCycle({ start: '2026-01-01', end: '2026-02-01' })
      }
      await payEverything(mirakl, '/api/payment/refund')
      mirakl.closeCycle({ start: '2026-01-01', end: '2026-02-01' })
      const { customers, shops } = mirakl.books()
      for (const [currency, shop] of Object.entries(shops[shopId] ?? {})) {
        const minor = (text: string): bigint => toMinor(text, currency)
        const due =
          minor(shop.sold) -
          minor(shop.commission) -
          minor(shop.refunded) +
          minor(shop.refundedCommission)
        expect(minor(shop.billed)).toBe(due)
        const money = customers[currency]
        const kept = minor(money?.paid ?? '0') - minor(money?.refunded ?? '0')
        expect(minor(shop.billed) + minor(shop.billedToOperator)).toBe(kept)
        expect(minor(money?.owed ?? '0')).toBe(0n)
      }
    }),
    { numRuns: 60, seed: 20260105 },
  )
})
