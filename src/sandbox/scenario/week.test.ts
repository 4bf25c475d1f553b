import { expect, test } from 'vitest'
import { serveSandbox } from '../serve.ts'
import { refundPurchases } from './refund-purchases.ts'
import { servicePurchases } from './service-purchases.ts'
import { createWeek, weekStart } from './week.ts'

/** The week without anybody who validates, captures or pays. */
async function playAlone(seed: number) {
  const served = await serveSandbox({ seed, start: weekStart })
  try {
    for (const day of createWeek(served.stage, seed)) {
      for (const step of day.steps) {
        await served.clock.moveTo(step.at)
        await step.play()
      }
    }
    return {
      mirakl: served.mirakl.books(),
      stripe: served.stripe.books(),
      orders: served.mirakl.orders(),
    }
  } finally {
    await served.close()
  }
}

test('the same seed leaves the same books, another seed does not', async () => {
  const first = await playAlone(1)
  expect(await playAlone(1)).toEqual(first)
  expect((await playAlone(2)).orders).not.toEqual(first.orders)
})

test('the week has hundreds of orders in four currencies', async () => {
  const { orders, mirakl } = await playAlone(1)
  expect(orders.length).toBeGreaterThan(300)
  expect(new Set(orders.map(order => order.currency))).toEqual(
    new Set(['EUR', 'GBP', 'JPY', 'KWD']),
  )
  expect(mirakl.orderStates).toMatchObject({
    REFUSED: expect.any(Number),
    CANCELED: expect.any(Number),
  })
})

test('things are sent back before the split, after it, in parts and after the payout', () => {
  const planned = Object.values(refundPurchases).flat()
  const refunds = planned.flatMap(({ orders }) => orders.flatMap(order => order.refunds ?? []))
  expect(refunds.some(refund => refund.percent === undefined)).toBe(true)
  expect(refunds.some(refund => refund.percent !== undefined)).toBe(true)
  // A step of the week is played on each of these days.
  expect(refunds.every(({ day }) => day >= 2 && day <= 9)).toBe(true)
  expect(planned.map(({ id }) => id)).toEqual([...new Set(planned.map(({ id }) => id))])
})

test('services are answered, consumed and sent back on days that the week has for them', () => {
  const services = Object.values(servicePurchases)
    .flat()
    .flatMap(purchase => purchase.services ?? [])
  const days = services.flatMap(({ answeredOn, consumedOn, refund }) => [
    answeredOn,
    consumedOn ?? answeredOn,
    refund?.day ?? answeredOn,
  ])
  expect(days.every(day => day >= 2 && day <= 5)).toBe(true)
  expect(services.some(service => service.consumedOn !== undefined)).toBe(true)
  expect(services.some(service => service.refused)).toBe(true)
})
