import type { AccountingDocument, Cycle, CycleParts, LogLine, Pair } from './accounting-model.ts'
import { chargesOfRemittedTaxes, collectCharges } from './cycle-charges.ts'
import type { Charge } from './cycle-charges.ts'
import { sum, toMinor } from './decimal.ts'
import type { Amount } from './decimal.ts'
import { cycleDetails } from './cycle-summary.ts'
import type { Shop } from './model.ts'
import { shopOf } from './shops.ts'
import type { Store } from './store.ts'

export interface CycleInput {
  /** Default: every shop that has something to bill. A named shop gets a cycle even when it is empty. */
  shopIds?: readonly number[]
  /** Shown as the window's start; what an earlier cycle left out is billed too, so that nothing is lost. */
  start: Date | string
  /** Exclusive. */
  end: Date | string
}

/** What `closeCycle` made; amounts are major units as text. */
export interface ClosedCycle {
  cycleId: string
  invoiceId: number
  shopId: number
  currency: string
  /** Minor units. */
  toSeller: bigint
  toOperator: bigint
}

/** Bills what became payable before the end, one AUTO_INVOICE and one billing cycle per shop and currency. */
export function closeCycle(store: Store, input: CycleInput): ClosedCycle[] {
  const start = new Date(input.start).getTime()
  const end = new Date(input.end).getTime()
  if (!(start < end)) throw new Error('A billing cycle ends after it starts')
  const shops =
    input.shopIds === undefined
      ? [...store.shops.values()]
      : input.shopIds.map(shopId => shopOf(store, shopId))
  const charges = collectCharges(store, end)
  const closed = shops.flatMap(shop => {
    const own = charges.get(shop.id) ?? new Map<string, Charge[]>()
    const currencies = new Set(own.keys())
    const hasFee = shop.subscription.amount + shop.subscription.tax !== 0n
    if (input.shopIds !== undefined || hasFee) currencies.add(shop.currency)
    return [...currencies].map(currency =>
      closeOne(store, shop, currency, own.get(currency) ?? [], { start, end }),
    )
  })
  store.changed()
  return closed
}

function closeOne(
  store: Store,
  shop: Shop,
  currency: string,
  charges: Charge[],
  window: { start: number; end: number },
): ClosedCycle {
  const remitted = store.settings.operatorRemitsTaxes ? chargesOfRemittedTaxes(charges) : []
  const all = [...charges, ...remitted, ...subscriptionOf(shop, currency)]
  const parts = partsOf(all)
  const toSeller = sum(Object.values(parts).map((pair: Pair) => pair.included))
  const customerMoney = sum(all.map(charge => charge.customer))
  const cycle: Cycle = {
    id: store.uuid(),
    sequence: store.nextNumber('sequence'),
    shopId: shop.id,
    currency,
    ...window,
    createdAt: store.now(),
    voucher: String(store.nextNumber('voucher')).padStart(6, '0'),
    payOutPspCode:
      all.find(charge => charge.payOutPspCode !== undefined)?.payOutPspCode ?? shop.payOutPspCode,
    parts,
    toSeller,
    toOperator: customerMoney - toSeller,
    payment: { state: 'PENDING', reference: null, date: null, failureReason: null },
    invoiceId: store.nextNumber('invoice'),
    log: [],
  }
  store.cycles.set(cycle.id, cycle)
  addDocument(store, {
    id: store.uuid(),
    invoiceId: cycle.invoiceId,
    type: 'AUTO_INVOICE',
    shopId: shop.id,
    currency,
    createdAt: store.now(),
    details: cycleDetails(cycle),
    payment: cycle.payment,
    cycle,
  })
  for (const charge of all) charge.bill(cycle)
  writeLog(store, cycle, all)
  const { id: cycleId, invoiceId, toOperator } = cycle
  return { cycleId, invoiceId, shopId: shop.id, currency, toSeller, toOperator }
}

function subscriptionOf(shop: Shop, currency: string): Charge[] {
  const { amount, tax } = shop.subscription
  if (currency !== shop.currency || amount + tax === 0n) return []
  return [
    {
      part: 'subscription',
      excluded: -amount,
      included: -(amount + tax),
      customer: 0n,
      lines: [
        { type: 'SUBSCRIPTION_FEE', amount: -amount },
        { type: 'SUBSCRIPTION_VAT', amount: -tax },
      ],
      subject: {},
      bill: () => undefined,
    },
  ]
}

function partsOf(charges: readonly Charge[]): CycleParts {
  const part = (name: keyof CycleParts): Pair => {
    const own = charges.filter(charge => charge.part === name)
    return {
      excluded: sum(own.map(charge => charge.excluded)),
      included: sum(own.map(charge => charge.included)),
    }
  }
  return {
    payableOrders: part('payableOrders'),
    refunds: part('refunds'),
    commissions: part('commissions'),
    refundCommissions: part('refundCommissions'),
    remittedTaxes: part('remittedTaxes'),
    refundRemittedTaxes: part('refundRemittedTaxes'),
    subscription: part('subscription'),
    otherInvoices: part('otherInvoices'),
    otherCredits: part('otherCredits'),
  }
}

function writeLog(store: Store, cycle: Cycle, charges: readonly Charge[]): void {
  for (const charge of charges) {
    for (const { type, amount, tax } of charge.lines) {
      if (amount === 0n) continue
      const subject = tax === undefined ? charge.subject : { ...charge.subject, tax }
      addLogLine(store, cycle, type, amount, subject)
    }
  }
}

function addLogLine(
  store: Store,
  cycle: Cycle,
  type: string,
  amount: bigint,
  subject: LogLine['subject'],
): void {
  const account = `${cycle.shopId} ${cycle.currency}`
  const balance = (store.balances.get(account) ?? 0n) + amount
  store.balances.set(account, balance)
  const createdAt = store.now()
  const line: LogLine = {
    id: store.uuid(),
    sequence: store.nextNumber('sequence'),
    type,
    amount,
    balance,
    cycle,
    createdAt,
    updatedAt: createdAt,
    state: cycle.payment.state === 'PAID' ? 'PAID' : 'PAYABLE',
    subject,
  }
  store.logLines.push(line)
  cycle.log.push(line)
}

function addDocument(store: Store, document: AccountingDocument): void {
  store.documents.push(document)
  store.documentsByNumber.set(document.invoiceId, document)
}

export interface ManualDocumentInput {
  type: 'INVOICE' | 'CREDIT'
  /** Without tax, major units, positive. */
  amount: Amount
  tax?: Amount
  description?: string
  orderId?: string
}

/** The operator writes a manual invoice or credit; the shop's next cycle takes it in. Returns its invoice id. */
export function addManualDocument(
  store: Store,
  shopId: number,
  input: ManualDocumentInput,
): number {
  const { currency } = shopOf(store, shopId)
  const invoiceId = store.nextNumber('invoice')
  addDocument(store, {
    id: store.uuid(),
    invoiceId,
    type: input.type === 'CREDIT' ? 'MANUAL_CREDIT' : 'MANUAL_INVOICE',
    shopId,
    currency,
    createdAt: store.now(),
    details: [
      {
        description: input.description ?? 'Goodwill',
        quantity: 1,
        excluded: toMinor(input.amount, currency),
        tax: toMinor(input.tax ?? '0', currency),
        ...(input.orderId === undefined ? {} : { orderId: input.orderId }),
      },
    ],
    payment: { state: 'PENDING', reference: null, date: null, failureReason: null },
  })
  store.changed()
  return invoiceId
}

/** The seller of a cycle was paid, or could not be: IV07 and SBC07 are the same act. */
export function confirmCycle(
  store: Store,
  cycle: Cycle,
  outcome: { failed: boolean; reference?: string; date?: number; failureReason?: string },
): void {
  const { payment } = cycle
  payment.state = outcome.failed ? 'FAILED' : 'PAID'
  payment.failureReason = outcome.failureReason ?? null
  payment.reference = outcome.reference ?? null
  payment.date = payment.state === 'PAID' ? (outcome.date ?? store.now()) : null
  store.changed()
  if (payment.state !== 'PAID') return
  for (const line of cycle.log) {
    line.state = 'PAID'
    line.updatedAt = store.now()
  }
  addLogLine(store, cycle, 'PAYMENT', -cycle.toSeller, {})
}
