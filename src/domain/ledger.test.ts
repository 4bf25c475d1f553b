import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Posting, backwards, entriesOf, flow, posting } from './ledger.ts'

const parties = {
  movementId: null,
  paymentId: null,
  orderId: null,
  purchaseId: null,
  sellerId: null,
  cycleId: null,
}

const of = (entries: Posting['entries']) =>
  posting({ key: 'k', event: 'transfer', currency: 'EUR', parties, entries })

describe('a posting', () => {
  it('is refused when its entries do not add up to zero', () => {
    expect(() => of([{ account: 'customer', amount: 1n }])).toThrow(RangeError)
    expect(() => of([...entriesOf([flow('customer', 'escrow:C1', 5n)])])).not.toThrow()
  })

  it('has one entry for each account, and none that stays as it was', () => {
    const flows = [
      flow('escrow:C1', 'seller:2001', 90n),
      flow('escrow:C1', 'commission', 10n),
      flow('commission', 'seller:2001', 10n),
    ]
    expect(entriesOf(flows)).toEqual([
      { account: 'escrow:C1', amount: -100n },
      { account: 'seller:2001', amount: 100n },
    ])
  })

  it('of any flows adds up to zero, and with the same flows backwards leaves nothing', () => {
    const accounts = fc.constantFrom('customer', 'escrow:C1', 'seller:1', 'commission' as const)
    const flows = fc.array(
      fc
        .tuple(accounts, accounts, fc.bigInt({ min: -9_999n, max: 9_999n }))
        .map(([from, to, amount]) => flow(from as 'customer', to as 'customer', amount)),
    )
    fc.assert(
      fc.property(flows, list => {
        expect(() => of(entriesOf(list))).not.toThrow()
        expect(entriesOf([...list, ...backwards(list)])).toEqual([])
      }),
    )
  })
})
