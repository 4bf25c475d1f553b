import fc from 'fast-check'
import { barredBy } from '../../src/domain/settings.ts'
import { paymentStatuses, type Payment } from '../../src/domain/payment.ts'
import type { CaptureFacts } from '../../src/domain/plan-capture.ts'
import type { DebitFacts } from '../../src/domain/plan-debit.ts'
import type { SettlementFacts } from '../../src/domain/plan-settlement.ts'
import type { TransferFacts } from '../../src/domain/plan-transfer.ts'
import type { Account, Seller } from '../../src/domain/seller.ts'
import type { Balance, Cycle } from '../../src/domain/settlement.ts'
import { anyBasket } from './any-basket.ts'
import { balanceOf, cycleOf, noDebts } from './cycle.ts'
import { at } from './moments.ts'
import { debitOf, paymentOf } from './payment.ts'
import { accountOf, sellerOf } from './seller.ts'

/** Arbitrary facts of every plan: most of them sound, each part of them sometimes not. */

const often = <T>(sound: T, ...others: T[]) =>
  fc.constantFrom(sound, sound, sound, sound, ...others)
const cents = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })
const owed = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 12n }))
const currency = often('EUR', 'KWD', 'JPY')
const barred = often(
  null,
  barredBy({ mode: 'live', startDate: null }, at('00:00')),
  barredBy({ mode: 'live', startDate: at('23:00') }, at('00:00')),
)
const unlikely = often(false, true)

export const anyPayment: fc.Arbitrary<Payment> = fc
  .record({
    status: fc.constantFrom(...paymentStatuses),
    authorized: owed,
    refunded: often(0n, 1n, 10n ** 6n),
    captureBefore: fc.constantFrom(null, at('09:00'), at('12:00'), at('12:00', '2026-03-30')),
    chargeId: often<string | null>('ch_1', null),
    currency,
  })
  .map(change => paymentOf(change))

export const anyAccount: fc.Arbitrary<Account> = fc
  .record({
    transfersActive: often(true, false),
    payoutsEnabled: often(true, false),
    detailsSubmitted: often(true, false),
    standing: often<Account['standing']>('open', 'rejected', 'lost'),
    disabledReason: often(null, 'listed', 'rejected.fraud'),
    currentlyDue: often<string[]>([], ['external_account']),
    pendingVerification: often<string[]>([], ['document']),
  })
  .map(change => accountOf(change))

const anySeller: fc.Arbitrary<Seller> = fc
  .record({ ignored: unlikely, paymentBlocked: unlikely })
  .map(change => sellerOf(change))

const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { freq: 8 })

export const anyTransferFacts: fc.Arbitrary<TransferFacts> = fc
  .record({
    basket: anyBasket,
    state: often('SHIPPING', 'WAITING_ACCEPTANCE', 'WAITING_DEBIT', 'REFUSED', 'CANCELED', 'NEW'),
    debitedAt: often<Date | null>(at('08:30'), null),
    payOutPspCode: often('NOT_SPECIFIED', 'HIPAY'),
    debited: maybe(owed),
    seller: maybe(anySeller),
    account: maybe(anyAccount),
    payment: maybe(anyPayment),
    disputed: often<string | null>(null, 'du_1'),
    movedBefore: unlikely,
    unreadable: often(null, { field: 'total_price', problem: 'too_many_digits' }),
    paused: unlikely,
    barred,
  })
  .map(({ basket, state, debitedAt, payOutPspCode, ...facts }) => {
    const [first] = basket.orders
    if (first === undefined) throw new Error('a basket without orders')
    const order = { ...first.order, state, debitedAt, payOutPspCode }
    return { ...facts, order, taxes: null, ourPspCodes: [] }
  })

export const anyCaptureFacts: fc.Arbitrary<CaptureFacts> = fc
  .record({
    basket: anyBasket,
    payment: anyPayment,
    states: fc.array(often('SHIPPING', 'WAITING_ACCEPTANCE', 'REFUSED', 'CANCELED'), {
      minLength: 4,
      maxLength: 4,
    }),
    debitedAt: often<Date | null>(at('08:30'), null),
    askedBack: often(0n, 1n, 5_000n),
    nearExpiry: fc.constantFrom('wait' as const, 'capture_confirmed' as const),
    paused: unlikely,
    unreadable: often<string | null>(null, 'C1-9'),
    rival: often<string | null>(null, 'pi_2'),
    barred,
  })
  .map(({ basket, states, debitedAt, ...facts }) => ({
    ...facts,
    orders: basket.orders.map(({ order }, index) => ({
      ...order,
      state: states[index] ?? 'SHIPPING',
      debitedAt,
    })),
    now: at('10:00'),
    warnSeconds: 24 * 3600,
  }))

export const anyDebitFacts: fc.Arbitrary<DebitFacts> = fc
  .record({
    payment: maybe(anyPayment),
    amount: owed,
    confirmedSoFar: owed,
    leftOut: unlikely,
    barred,
    paused: unlikely,
  })
  .map(({ amount, ...facts }) => ({ ...facts, debit: debitOf({ amount }) }))

const anyCycle: fc.Arbitrary<Cycle> = fc
  .record({
    amount: fc.oneof(fc.constant(0n), cents),
    otherCredits: owed,
    otherInvoices: owed,
    subscription: owed,
    payState: often<Cycle['payState']>('pending', 'paid', 'failed'),
    final: often(true, false),
    payOutPspCode: often('NOT_SPECIFIED', 'HIPAY'),
    currency,
  })
  .map(change => cycleOf(change))

const anyBalance: fc.Arbitrary<Balance> = fc
  .tuple(cents, owed, currency)
  .map(([available, pending, code]) => balanceOf(available, pending, code))

/** Sales that do not account for their cycle. */
const convertedSales = { sums: { USD: 900n }, unfinished: {}, exceeding: {}, unexplained: 7n }

export const anySettlementFacts: fc.Arbitrary<SettlementFacts> = fc
  .record({
    cycle: anyCycle,
    seller: maybe(anySeller),
    account: maybe(anyAccount),
    balance: maybe(anyBalance),
    platform: maybe(anyBalance),
    remainder: fc.bigInt({ min: -50n, max: 50n }),
    sales: fc.constantFrom<SettlementFacts['sales'][]>(null, null, null, 'unread', convertedSales),
    unfinished: often<Record<string, string>>({}, { mv_1: 'submitted' }),
    bankRefused: unlikely,
    needsApproval: unlikely,
    paused: unlikely,
    barred,
  })
  .map(facts => ({
    ...facts,
    original: null,
    negativeCycles: 'ask' as const,
    partsStanding: {},
    cycleDebt: null,
    debts: noDebts,
    partsDone: {},
    ourPspCodes: [],
    payoutSequence: 1,
  }))
