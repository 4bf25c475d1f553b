import { expect, test } from 'vitest'
import { serveSandbox } from '../serve.ts'
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
