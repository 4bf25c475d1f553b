import { describe, expect, it } from 'vitest'
import { movementStatuses } from '../../domain/lifecycle.ts'
import { movementKinds, type MovementSource } from '../../domain/movement.ts'
import { type ReasonCode, reasons } from '../../domain/reasons.ts'
import { oldLists, oldReasonOf, oldStatusOf, oldTypeOf, placesOf } from './old-statuses.ts'

const codes = Object.keys(reasons) as ReasonCode[]
const source = (type: MovementSource['type'], part = ''): MovementSource => ({
  type,
  id: '1',
  part,
  sequence: 1,
})

describe('oldStatusOf', () => {
  it.each([
    ['on_hold', 'ON_HOLD'],
    ['pending', 'PENDING'],
    ['submitted', 'PENDING'],
    ['accepted', 'CREATED'],
    ['failed', 'FAILED'],
    ['succeeded', 'CREATED'],
    ['canceled', 'ABORTED'],
  ] as const)('%s is %s in every list', (status, state) => {
    expect(oldLists.map(list => oldStatusOf(list, { status, reason: null }))).toEqual([
      `TRANSFER_${state}`,
      `PAYOUT_${state}`,
      `REFUND_${state}`,
    ])
  })

  it('has a name for each status with each reason; only an ignored seller changes it', () => {
    const differ: string[] = []
    for (const list of oldLists) {
      for (const status of movementStatuses) {
        for (const reason of codes) {
          const plain = oldStatusOf(list, { status, reason: null })
          const told = oldStatusOf(list, { status, reason })
          if (told !== plain) differ.push(`${list} ${status} ${reason} ${told}`)
        }
      }
    }
    expect(differ).toEqual(['transfers on_hold seller_ignored TRANSFER_IGNORED'])
  })
})

describe('oldTypeOf', () => {
  it.each([
    ['transfer', source('order'), 'TRANSFER_PRODUCT_ORDER', 'TRANSFER_SERVICE_ORDER'],
    ['tax_transfer', source('order'), 'TRANSFER_PRODUCT_ORDER', 'TRANSFER_SERVICE_ORDER'],
    ['refund', source('refund'), 'REFUND_PRODUCT_ORDER', 'REFUND_SERVICE_ORDER'],
    ['reversal', source('refund'), 'TRANSFER_REFUND', 'TRANSFER_REFUND'],
    ['tax_reversal', source('refund'), 'TRANSFER_REFUND', 'TRANSFER_REFUND'],
    ['credit', source('cycle', 'credits'), 'TRANSFER_EXTRA_CREDITS', 'TRANSFER_EXTRA_CREDITS'],
    [
      'collection',
      source('cycle', 'subscription'),
      'TRANSFER_SUBSCRIPTION',
      'TRANSFER_SUBSCRIPTION',
    ],
    [
      'collection',
      source('cycle', 'invoices'),
      'TRANSFER_EXTRA_INVOICES',
      'TRANSFER_EXTRA_INVOICES',
    ],
    ['payout', source('cycle'), null, null],
  ] as const)('%s from %o', (kind, from, product, service) => {
    const movement = { kind, source: from }
    expect(oldTypeOf(movement, 'product')).toBe(product)
    expect(oldTypeOf(movement, 'service')).toBe(service)
    expect(oldTypeOf(movement, null)).toBe(product)
  })

  it('gives a type to everything that a list of types has', () => {
    for (const list of ['transfers', 'refunds'] as const) {
      for (const [kind, type] of placesOf(list)) {
        expect(oldTypeOf({ kind, source: source(type) }, 'product')).not.toBeNull()
      }
    }
  })
})

describe('placesOf', () => {
  it('puts a kind into one list at most', () => {
    const listed = oldLists.flatMap(list => placesOf(list).map(([kind]) => kind))
    expect(new Set(listed).size).toBe(listed.length)
    expect(movementKinds).toEqual(expect.arrayContaining(listed))
  })
})

describe('oldReasonOf', () => {
  const movement = { reason: null, failure: null } as const

  it.each(movementStatuses)('%s without a reason has none', status => {
    expect(oldReasonOf({ ...movement, status })).toBeNull()
  })

  it('names the code of a hold with its text, and quotes the provider on a failure', () => {
    const held = { ...movement, status: 'on_hold', reason: 'seller_restricted' } as const
    expect(oldReasonOf(held)).toBe(`seller_restricted: ${reasons.seller_restricted.text.en}`)
    const failure = { code: 'account_closed', message: 'The bank account is closed.' }
    const failed = { status: 'failed', reason: 'bank_refused', failure } as const
    expect(oldReasonOf(failed)).toBe('account_closed: The bank account is closed.')
  })

  it('forgets the reason of what has moved since', () => {
    expect(oldReasonOf({ ...movement, status: 'succeeded', reason: 'paused' })).toBeNull()
  })
})
