import type { VirtualClock } from '../clock.ts'
import { createRandom } from '../random.ts'
import type { AccountingDocument, Cycle, LogLine } from './accounting-model.ts'
import type {
  Debit,
  Line,
  Order,
  Refund,
  ServiceOrder,
  ServicePayment,
  ServiceRefund,
  Shop,
  ShopDocument,
} from './model.ts'
import { defaultSettings } from './settings.ts'
import type { MiraklSettings } from './settings.ts'

/** A custom field of shops that the operator defined (AF01). */
export interface FieldDefinition {
  code: string
  label: string
  /** STRING, DATE, NUMERIC, BOOLEAN, LINK, REGEX, TEXTAREA, LIST or MULTIPLE_VALUES_LIST. */
  type: string
  required: boolean
  acceptedValues?: string[]
}

/** A document type of shops (DO01). */
export interface DocumentType {
  code: string
  label: string
}

/** Told of every change of an order's state. */
export type StateListener = (order: Order, from: Order['state'], to: Order['state']) => void

/** All of the simulated tenant's memory, with the indexes that keep reads proportional to the page. */
export interface Store {
  readonly clock: VirtualClock
  readonly settings: MiraklSettings
  /** Epoch milliseconds of the virtual time. */
  now(): number
  uuid(): string
  /** The next number of a named series: `refund`, `document`… */
  nextNumber(series: 'shop' | 'removal' | 'document' | 'invoice' | 'voucher' | 'sequence'): number
  /** Rises with every change; what was computed for an older version is stale. */
  version(): number
  changed(): void
  /** As `changed`, and notes the order among the recently updated ones. */
  touch(order: Order): void
  /** Changes noted since the start, oldest first; an order counts where `change` is its own. */
  readonly changes: { readonly at: number; readonly order: Order; readonly change: number }[]
  /** The value computed for this version and key, computing it once. */
  remember<T>(key: string, compute: () => T): T

  readonly shops: Map<number, Shop>
  readonly shopDocuments: Map<number, ShopDocument>
  readonly fields: Map<string, FieldDefinition>
  readonly documentTypes: DocumentType[]
  /** By creation, oldest first. */
  readonly orderList: Order[]
  readonly orders: Map<string, Order>
  readonly purchases: Map<string, Order[]>
  readonly lines: Map<string, { order: Order; line: Line }>
  /** Debits that wait for their confirmation, by debit entity. */
  readonly debits: Map<string, Debit>
  readonly refunds: Map<string, { order: Order; line: Line; refund: Refund }>
  /** Orders with a refund that waits for its payment. */
  readonly refundOrders: Map<string, Order>
  readonly serviceOrders: Map<string, ServiceOrder>
  readonly serviceDebits: Map<string, ServicePayment>
  readonly serviceRefunds: Map<string, ServiceRefund>
  readonly documents: AccountingDocument[]
  readonly documentsByNumber: Map<number, AccountingDocument>
  readonly cycles: Map<string, Cycle>
  readonly logLines: LogLine[]
  /** Running balance of TL02, by shop and currency. */
  readonly balances: Map<string, bigint>
  /** Patches of answers, by `order:<id>`, `debit:<entity>`, `invoice:<number>` or `shop:<id>`. */
  readonly corruptions: Map<string, Record<string, unknown>>
  readonly stateListeners: StateListener[]
  readonly debitListeners: ((debit: Debit) => void)[]
  readonly refundListeners: ((order: Order, refund: Refund) => void)[]
}

const startFields: FieldDefinition[] = [
  { code: 'stripe-url', label: 'Stripe link', type: 'LINK', required: false },
  { code: 'stripe-ignored', label: 'Ignored by Stripe', type: 'BOOLEAN', required: false },
  { code: 'hipay-process', label: 'Paid by HiPay', type: 'BOOLEAN', required: false },
]

const startDocumentTypes: DocumentType[] = [
  { code: 'LEGAL_PROOF_OF_REGISTRATION_NUMBER', label: 'Proof of registration' },
  { code: 'LEGAL_IDENTITY_OF_REPRESENTATIVE', label: 'Identity of the representative' },
  { code: 'BANK_DETAILS', label: 'Bank details' },
]

const firstNumbers = {
  shop: 2000,
  removal: 1000,
  document: 4000,
  invoice: 230000,
  voucher: 450,
  sequence: 0,
}

/** An empty tenant. The seed decides every generated id. */
export function createStore(
  clock: VirtualClock,
  seed: number,
  settings: Partial<MiraklSettings>,
): Store {
  const random = createRandom(seed)
  const numbers = { ...firstNumbers }
  const changes: Store['changes'] = []
  let version = 0
  let memo = new Map<string, unknown>()
  let memoVersion = 0
  const changed = (): void => {
    version += 1
  }
  return {
    clock,
    settings: { ...defaultSettings, ...settings },
    now: () => clock.now().getTime(),
    uuid: () => uuidFrom(random),
    nextNumber: series => (numbers[series] += 1),
    version: () => version,
    changed,
    touch(order) {
      changed()
      order.updatedAt = clock.now().getTime()
      order.change = numbers.sequence += 1
      changes.push({ at: order.updatedAt, order, change: order.change })
    },
    changes,
    remember<T>(key: string, compute: () => T): T {
      if (memoVersion !== version || memo.size > 32) memo = new Map()
      memoVersion = version
      if (!memo.has(key)) memo.set(key, compute())
      return memo.get(key) as T
    },
    ...emptyTables(),
  }
}

function emptyTables() {
  return {
    shops: new Map(),
    shopDocuments: new Map(),
    fields: new Map(startFields.map(field => [field.code, field])),
    documentTypes: [...startDocumentTypes],
    orderList: [],
    orders: new Map(),
    purchases: new Map(),
    lines: new Map(),
    debits: new Map(),
    refunds: new Map(),
    refundOrders: new Map(),
    serviceOrders: new Map(),
    serviceDebits: new Map(),
    serviceRefunds: new Map(),
    documents: [],
    documentsByNumber: new Map(),
    cycles: new Map(),
    logLines: [],
    balances: new Map(),
    corruptions: new Map(),
    stateListeners: [],
    debitListeners: [],
    refundListeners: [],
  }
}

function uuidFrom(random: () => number): string {
  const part = (): string =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0')
  const digits = part() + part() + part() + part()
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `9${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-')
}
