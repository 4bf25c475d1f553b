import type { Currency } from '../../domain/currency.ts'
import type { Clock, Marketplace } from '../../workflows/ports.ts'
import type { MiraklAuth } from './authorization.ts'
import { confirmBillingCycle, readBillingCycles } from './billing-cycles.ts'
import { type Budget, createRunBook, type Gate, type RunBook } from './budgets.ts'
import { createClient } from './client.ts'
import { readCycleLines } from './cycle-lines.ts'
import { confirmDebit, readDebits } from './debits.ts'
import type { EndpointCode } from './endpoints.ts'
import { confirmInvoice, readInvoices } from './invoices.ts'
import { readOrders } from './orders.ts'
import type { Reader } from './pages.ts'
import { readCustomFields, readFeatures, readVersion } from './platform.ts'
import { confirmProductRefund, readRefunds } from './refunds.ts'
import { readServiceDebits } from './service-debits.ts'
import { readServiceOrders } from './service-orders.ts'
import { confirmServiceDebit, confirmServiceRefund, readServiceRefunds } from './service-refunds.ts'
import { readShops, updateShops } from './shops.ts'

export interface MiraklOptions {
  /** Full URL of the tenant, for example https://acme.mirakl.net. */
  readonly baseUrl: string
  readonly auth: MiraklAuth
  /** Code of the shops' custom field for the onboarding link. */
  readonly customFieldCode: string
  /** Code of the shops' BOOLEAN custom field that tells us to leave a shop alone. */
  readonly ignoredFieldCode: string
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** Scheduled runs count against the budgets; a run by hand (false) warns and goes. */
  readonly countBudgets: boolean
  /** Pages of one list; default 10 000. */
  readonly pagesMax?: number
  /** In place of the documented budgets, per endpoint. */
  readonly budgets?: Readonly<Partial<Record<EndpointCode, Budget>>>
  /** Where runs are counted; default: in memory, with `budgets`. */
  readonly runBook?: RunBook
  /** Told in one sentence; default: nobody. */
  readonly warn?: (message: string) => void
  /** For each request; default 30. */
  readonly timeoutSeconds?: number
  /** Currency of debits and cycles that name none. Orders without one are set aside. */
  readonly currencyFallback?: Currency
  /** How waiting is done; default: a timer. */
  readonly wait?: (seconds: number) => Promise<void>
}

/** Mirakl as a marketplace. Amounts cross this border as minor units, in both directions. */
export function createMirakl(options: MiraklOptions): Marketplace {
  const client = createClient(options)
  const reader: Reader = { client, pagesMax: options.pagesMax ?? 10_000 }
  const gate: Gate = {
    book: options.runBook ?? createRunBook(options.budgets),
    clock: options.clock,
    strict: options.countBudgets,
    warn: options.warn ?? (() => undefined),
  }
  const fallback = options.currencyFallback
  return {
    name: 'mirakl',
    shops: query => readShops(reader, gate, options, query),
    updateShops: changes => updateShops(client, options, changes),
    orders: query => readOrders(reader, gate, query),
    serviceOrders: query => readServiceOrders(reader, gate, query),
    serviceDebits: orderIds => readServiceDebits(reader, orderIds),
    debits: () => readDebits(reader, gate, fallback),
    confirmDebit: confirmation => confirmDebit(client, confirmation),
    confirmServiceDebit: confirmation => confirmServiceDebit(client, confirmation),
    refunds: () => readRefunds(reader, gate, fallback),
    serviceRefunds: () => readServiceRefunds(reader, gate),
    confirmRefund: confirmation =>
      confirmation.refund.domain === 'product'
        ? confirmProductRefund(client, confirmation)
        : confirmServiceRefund(client, confirmation),
    cycles: query => {
      const read = query.feed === 'invoices' ? readInvoices : readBillingCycles
      return read(reader, gate, query, fallback)
    },
    cycleLines: cycle => readCycleLines(reader, gate, cycle),
    confirmCycle: confirmation =>
      confirmation.cycle.feed === 'invoices'
        ? confirmInvoice(client, confirmation)
        : confirmBillingCycle(client, confirmation),
    features: () => readFeatures(client),
    customFields: () => readCustomFields(client, gate),
    version: () => readVersion(client),
  }
}
