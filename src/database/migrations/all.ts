import type { Migration } from 'kysely/migration'
import * as firstTables from './0001-first-tables.ts'
import * as linkCodes from './0002-link-codes.ts'
import * as refunds from './0003-refunds.ts'
import * as notifications from './0004-notifications.ts'
import * as kyc from './0005-kyc.ts'
import * as disputes from './0006-disputes.ts'
import * as settledAmounts from './0007-settled-amounts.ts'
import * as debts from './0008-debts.ts'
import * as serviceDebits from './0009-service-debits.ts'
import * as succeededLooks from './0010-succeeded-looks.ts'
import * as ledger from './0011-ledger.ts'
import * as bookEntries from './0012-book-entries.ts'
import * as acknowledgeAnything from './0013-acknowledge-anything.ts'
import * as reconciliations from './0014-reconciliations.ts'
import * as banksOfAccounts from './0015-banks-of-accounts.ts'
import * as redaction from './0016-redaction.ts'
import * as outsidesAndRestores from './0017-outsides-and-restores.ts'
import * as setRowsAside from './0018-set-rows-aside.ts'

/** Every migration by its name (`NNNN-what-it-does`), in the order in which they run. */
export const migrations: Record<string, Migration> = {
  '0001-first-tables': firstTables,
  '0002-link-codes': linkCodes,
  '0003-refunds': refunds,
  '0004-notifications': notifications,
  '0005-kyc': kyc,
  '0006-disputes': disputes,
  '0007-settled-amounts': settledAmounts,
  '0008-debts': debts,
  '0009-service-debits': serviceDebits,
  '0010-succeeded-looks': succeededLooks,
  '0011-ledger': ledger,
  '0012-book-entries': bookEntries,
  '0013-acknowledge-anything': acknowledgeAnything,
  '0014-reconciliations': reconciliations,
  '0015-banks-of-accounts': banksOfAccounts,
  '0016-redaction': redaction,
  '0017-outsides-and-restores': outsidesAndRestores,
  '0018-set-rows-aside': setRowsAside,
}
