import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { representable } from '../../src/adapters/stripe/amounts.ts'
import type { Database } from '../../src/database/connection.ts'
import { explain } from '../../src/workflows/explain.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

async function plansOf(lab: Laboratory, order: string) {
  const found = await explain({ ...lab, representable, language: 'en' }, 'order', order)
  return (found?.plans ?? []).map(plan => [
    plan.kind,
    plan.source,
    plan.decision,
    plan.amount,
    plan.reason?.code ?? null,
    plan.lookedAtBy,
  ])
}

describe('explain order', () => {
  test('shows what becomes of a refund, before it is made and after', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments', { mode: 'dry_run' })
    const plan = ['refund', `refund ${id}`, 'move', '3000', null, 'refund-payments']
    expect(await plansOf(lab, order)).toContainEqual(plan)
    const paused = { ...lab, environment: { ...lab.environment, paused: true } }
    const held = ['refund', `refund ${id}`, 'hold', '3000', 'paused', 'refund-payments']
    expect(await plansOf(paused, order)).toContainEqual(held)
    await lab.run('refund-payments')
    const found = await explain({ ...lab, representable, language: 'en' }, 'order', order)
    const made = found?.plans.find(each => each.source === `refund ${id}`)
    const movement = (await lab.movements('refund'))[0]
    expect(made?.movement).toBe(movement?.id)
  })

  test('shows the part that a promotion of the operator adds', async () => {
    const { lab, shop } = await openShop(database, { audited: false })
    const order = await sellOne(lab, shop, 'P-1')
    // The run reads what the payment brought.
    await lab.run('split-payments', { mode: 'dry_run' })
    // The operator pays 30.00 of the price, and the commission is 10.00.
    await database.pool.query(
      `update orders set body = jsonb_set(body, '{lines,0,operatorFunding,$n}', '"3000"')
       where environment_id = $1`,
      [lab.environment.id],
    )
    await database.pool.query(`update debits set amount = 7000 where environment_id = $1`, [
      lab.environment.id,
    ])
    const plans = await plansOf(lab, order)
    const source = `order ${order}`
    expect(plans).toContainEqual(['transfer', source, 'move', '7000', null, 'split-payments'])
    const funding = ['transfer', `${source} funding`, 'move', '2000', null, 'split-payments']
    expect(plans).toContainEqual(funding)
  })
})
