import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import type { Payment, PaymentStatus } from '../domain/payment.ts'
import {
  amendPayment,
  closeForCapture,
  paymentsByReference,
  paymentsOfPurchases,
  paymentsOpenForCapture,
  savePayments,
} from './payments.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 4 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => database.queries.deleteFrom('payments').execute())

const save = (payment: Payment, toldAt: Date, environment = own) =>
  savePayments(database.queries, environment, 'stripe', [payment], toldAt)
const stored = async () => (await paymentsOfPurchases(database.queries, own, ['C1']))[0]

/** What one event says, some seconds after the first one. */
interface Word {
  readonly payment: Payment
  readonly second: number
}

/** Lives of a payment, as Stripe's objects go through them. */
const lives: PaymentStatus[][] = [
  ['pending', 'authorized', 'captured'],
  ['pending', 'failed', 'pending', 'authorized', 'captured', 'refunded'],
  ['pending', 'failed', 'pending'],
  ['pending', 'authorized', 'canceled'],
  ['captured', 'refunded', 'captured'],
  ['pending', 'failed'],
]

/** Each step is told by the charge, which knows all, and up to the capture by the intent, too. */
function wordsOf(life: readonly PaymentStatus[], step: number): Word[] {
  return life.flatMap((status, index) => {
    const second = index * step
    const ofCharge = paymentOf({
      status,
      chargeId: status === 'pending' || status === 'failed' ? null : 'ch_1',
      transferGroup: 'group_1',
      failure: status === 'failed' ? 'card_declined' : null,
    })
    const ofIntent = { ...ofCharge, captureBefore: null, transferGroup: null, refunded: 0n }
    const knows = !life.slice(0, index + 1).includes('refunded')
    return [
      // A charge need not carry the metadata of its intent.
      { payment: knows ? { ...ofCharge, purchaseId: null } : ofCharge, second },
      ...(knows ? [{ payment: ofIntent, second }] : []),
    ]
  })
}

const start = at('08:00').getTime()

describe('events about a payment', () => {
  it('end in the same state in whatever order they arrive, and however often', async () => {
    const arrivals = fc
      .record({ life: fc.constantFrom(...lives), step: fc.constantFrom(0, 1, 60) })
      // Within one second nobody can tell a try after a failure from the one before it.
      .filter(({ life, step }) => step > 0 || new Set(life).size === life.length)
      .chain(({ life, step }) => {
        const words = wordsOf(life, step)
        const again = fc.subarray(words)
        const order = again.chain(twice =>
          fc.shuffledSubarray([...words, ...twice], { minLength: words.length + twice.length }),
        )
        return order.map(arriving => ({ life, arriving }))
      })
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ life, arriving }) => {
        await database.queries.deleteFrom('payments').execute()
        for (const { payment, second } of arriving) {
          await save(payment, new Date(start + second * 1000))
        }
        const last = life.at(-1) ?? 'pending'
        const early = last === 'pending' || last === 'failed'
        expect(await stored()).toEqual(
          paymentOf({
            status: last,
            chargeId: early ? null : 'ch_1',
            transferGroup: 'group_1',
            failure: last === 'failed' ? 'card_declined' : null,
          }),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('never go back from what is captured to what was authorised', async () => {
    await save(paymentOf(), at('08:00'))
    await amendPayment(
      database.queries,
      own,
      'pi_1',
      { status: 'captured', captured: 10_000n },
      at('10:00'),
    )
    await save(paymentOf(), at('08:05'))
    expect(await stored()).toMatchObject({ status: 'captured', captured: 10_000n })
  })

  it('do not take back a refund of the same second', async () => {
    await save(paymentOf({ status: 'refunded' }), at('08:00'))
    await save(paymentOf({ status: 'captured' }), at('08:00'))
    expect(await stored()).toMatchObject({ status: 'refunded', refunded: 10_000n })
  })

  it('know a partial refund that the intent knows nothing of', async () => {
    await save(paymentOf({ status: 'captured', refunded: 3_000n }), at('08:00'))
    await save(paymentOf({ status: 'captured' }), at('08:05'))
    expect(await stored()).toMatchObject({ refunded: 3_000n })
  })

  it('add what only a late one knows', async () => {
    await save(paymentOf({ captureBefore: null, purchaseId: null }), at('08:05'))
    await save(paymentOf({ transferGroup: 'group_1', failure: 'old' }), at('08:00'))
    const found = await paymentsByReference(database.queries, own, ['pi_1'])
    expect(found).toEqual([paymentOf({ transferGroup: 'group_1' })])
  })

  it('move no payment to another purchase', async () => {
    await save(paymentOf(), at('08:00'))
    await save(paymentOf({ purchaseId: 'C2' }), at('08:05'))
    expect(await stored()).toMatchObject({ id: 'pi_1', purchaseId: 'C1' })
  })

  it('of one batch: the last word about a payment counts', async () => {
    const words = [paymentOf(), paymentOf({ status: 'captured' })]
    await savePayments(database.queries, own, 'stripe', words, at('08:00'))
    expect(await stored()).toMatchObject({ status: 'captured' })
    await savePayments(database.queries, own, 'stripe', [], at('08:00'))
  })
})

describe('finding payments', () => {
  it('by purchase, intent and charge, in one environment only', async () => {
    await save(paymentOf(), at('08:00'))
    await save(
      paymentOf({ id: 'ch_2', intentId: null, chargeId: 'ch_2', purchaseId: 'C2' }),
      at('08:00'),
    )
    await save(paymentOf({ purchaseId: 'C3' }), at('08:00'), other)
    const found = (references: string[]) => paymentsByReference(database.queries, own, references)
    expect(await found(['pi_1'])).toEqual([paymentOf()])
    expect(await found(['ch_1'])).toEqual([paymentOf()])
    expect((await found(['ch_2', 'ch_9'])).map(each => each.purchaseId)).toEqual(['C2'])
    expect(await found([])).toEqual([])
    expect(await paymentsOfPurchases(database.queries, own, ['C3'])).toEqual([])
    expect(await paymentsOfPurchases(database.queries, own, [])).toEqual([])
  })

  it('those whose capture is open: with a purchase, until closed, and again after a failure', async () => {
    for (const id of ['pi_1', 'pi_2', 'pi_3']) {
      await save(paymentOf({ id, purchaseId: id === 'pi_3' ? null : 'C1' }), at('08:00'))
    }
    const open = async (after = '', limit = 9) =>
      (await paymentsOpenForCapture(database.queries, own, after, limit)).map(each => each.id)
    expect(await open()).toEqual(['pi_1', 'pi_2'])
    expect(await open('', 1)).toEqual(['pi_1'])
    expect(await open('pi_1')).toEqual(['pi_2'])
    await closeForCapture(database.queries, own, [{ paymentId: 'pi_1', amount: 0n }], at('10:00'))
    expect(await open()).toEqual(['pi_2'])
    await closeForCapture(database.queries, own, [], at('10:00'))
    await amendPayment(database.queries, own, 'pi_1', { status: 'failed' }, at('10:00'))
    await save(paymentOf(), at('08:05'))
    expect(await open()).toEqual(['pi_1', 'pi_2'])
  })

  it('amended by what our own movements did', async () => {
    await save(paymentOf({ status: 'captured' }), at('08:00'))
    await amendPayment(database.queries, own, 'pi_1', { refundedBy: 1_000n }, at('10:00'))
    await amendPayment(database.queries, own, 'pi_1', { refundedBy: 500n }, at('10:00'))
    await amendPayment(database.queries, own, 'pi_1', {}, at('10:00'))
    expect(await stored()).toMatchObject({ refunded: 1_500n, status: 'captured' })
  })
})
