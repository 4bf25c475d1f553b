import type {
  OldAccount,
  OldCheckpoint,
  OldMovement,
  OldPayment,
  OldRefund,
  OldUnreadable,
} from '../../domain/old-records.ts'

/** A row as the driver gives it: text, a moment, or null. */
export type Row = Readonly<Record<string, unknown>>

export type OldReading<T> =
  { readonly ok: true; readonly value: T } | ({ readonly ok: false } & OldUnreadable)

/** A column that is empty where no version of the old connector leaves it empty. */
class Missing extends Error {}

function reading<T>(row: Row, read: () => T): OldReading<T> {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (!(error instanceof Missing)) throw error
    return { ok: false, row: String(row['row']), problem: error.message }
  }
}

function optional(row: Row, column: string): string | null {
  const found = row[column]
  return typeof found === 'string' && found !== '' ? found : null
}

function text(row: Row, column: string): string {
  const found = optional(row, column)
  if (found === null) throw new Missing(`${column} is empty`)
  return found
}

function momentOr(row: Row, column: string, otherwise: Date | null): Date | null {
  const found = row[column]
  return found instanceof Date && !Number.isNaN(found.getTime()) ? found : otherwise
}

/** Whole numbers only; the columns are integers in every version. */
function whole(row: Row, column: string): bigint | null {
  const found = optional(row, column)
  if (found === null) return null
  if (!/^-?\d+$/.test(found)) throw new Missing(`${column} is ${found}, not a whole number`)
  return BigInt(found)
}

export function accountOf(row: Row): OldReading<OldAccount> {
  return reading(row, () => ({
    row: text(row, 'row'),
    sellerId: text(row, 'seller'),
    accountId: text(row, 'account'),
  }))
}

export function paymentOf(row: Row): OldReading<OldPayment> {
  return reading(row, () => ({
    row: text(row, 'row'),
    purchaseId: optional(row, 'purchase'),
    chargeId: text(row, 'charge'),
    status: text(row, 'status'),
  }))
}

/** A refund of an early version stands for two: itself, and its reversal less the commission. */
export function movementsOf(row: Row, table: OldMovement['table']): OldReading<OldMovement>[] {
  const own = reading(row, () => movementOf(row, table))
  const reversalId = optional(row, 'reversalId')
  if (!own.ok || reversalId === null) return [own]
  const reversal = reading(row, () => {
    const { amount } = own.value
    const commission = whole(row, 'commission') ?? 0n
    return {
      ...own.value,
      type: 'TRANSFER_REFUND',
      status: 'TRANSFER_CREATED',
      providerId: reversalId,
      of: null,
      amount: amount === null ? null : amount - commission,
    }
  })
  return [own, reversal]
}

function movementOf(row: Row, table: OldMovement['table']): OldMovement {
  const createdAt = momentOr(row, 'createdAt', null)
  if (createdAt === null) throw new Missing('creation_datetime is empty')
  const type = text(row, 'type')
  const name = text(row, 'name')
  return {
    table,
    row: text(row, 'row'),
    type,
    status: text(row, 'status'),
    statusReason: optional(row, 'statusReason'),
    name,
    providerId: optional(row, 'providerId'),
    of: optional(row, 'of'),
    sellerId: optional(row, 'seller'),
    accountId: optional(row, 'account'),
    orderId: optional(row, 'order'),
    purchaseId: optional(row, 'purchase'),
    amount: whole(row, 'amount'),
    currency: optional(row, 'currency'),
    createdAt,
    changedAt: momentOr(row, 'changedAt', null) ?? createdAt,
    marketplaceAt: momentOr(row, 'marketplaceAt', null),
    refund: refundOf(row),
  }
}

function refundOf(row: Row): OldRefund | null {
  const amount = whole(row, 'refundAmount')
  const currency = optional(row, 'refundCurrency')
  if (amount === null || currency === null) return null
  const domain = optional(row, 'refundType') === 'REFUND_SERVICE_ORDER' ? 'service' : 'product'
  return { domain, lineId: optional(row, 'refundLine'), amount, currency }
}

export function checkpointOf(row: Row): OldCheckpoint {
  return { key: String(row['key']), value: optional(row, 'value') }
}
