import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderOf } from '../../test/builders/order.ts'
import type { Json } from './json.ts'
import { keptOfPayload, redactedOrder, redactedPayload } from './redaction.ts'
import { splitOf } from './plan-transfer.ts'

describe('an order without its customer', () => {
  it('keeps every amount and loses what is not known', () => {
    const order = orderOf()
    const stored = { ...order, customer: { name: 'Jane Roe' } }
    const redacted = redactedOrder(stored)
    expect(JSON.parse(JSON.stringify(redacted, asText))).not.toHaveProperty('customer')
    expect(redacted).toMatchObject({ ...order, customerId: '' })
    expect(splitOf(redacted, null)).toEqual(splitOf(order, null))
    expect(redactedOrder(redacted)).toEqual(redacted)
  })
})

function asText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

describe('a payload without people', () => {
  it('keeps ids, amounts and states', () => {
    const event = {
      id: 'evt_1',
      object: 'event',
      type: 'charge.succeeded',
      data: {
        object: {
          id: 'ch_1',
          amount: 1000,
          currency: 'eur',
          payment_intent: { id: 'pi_1', receipt_email: 'jane@example.com' },
          billing_details: { name: 'Jane Roe', id: 'x' },
          receipt_email: 'jane@example.com',
          metadata: { id: 'Jane Roe' },
          refunds: { data: [{ id: 're_1', reason: 'Jane asked' }] },
        },
      },
    }
    expect(redactedPayload(event)).toEqual({
      id: 'evt_1',
      object: 'event',
      type: 'charge.succeeded',
      data: {
        object: {
          id: 'ch_1',
          amount: 1000,
          currency: 'eur',
          payment_intent: 'pi_1',
          refunds: { data: [{ id: 're_1' }] },
        },
      },
    })
  })

  it('has no value under a name that is not listed, and stays the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const redacted = redactedPayload(value as Json)
        for (const name of namesOf(redacted)) {
          const listed = keptOfPayload.has(name)
          expect(listed || ['data', 'object', 'payload', 'charges', 'refunds'].includes(name)).toBe(
            true,
          )
        }
        expect(redactedPayload(redacted)).toEqual(redacted)
      }),
    )
  })
})

function namesOf(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(namesOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => [name, ...namesOf(each)])
}
