import {
  brokenJobs,
  canceledAfter,
  endingAuthorizations,
  failedConfirmations,
  oldHolds,
  openFailures,
  refusedCreations,
  sellersOfPurchases,
  undelivered,
} from '../store/digest.ts'
import { kycDeadlines, namedBefore } from '../store/digest-deadlines.ts'
import { disputesAwaitingEvidence } from '../store/disputes.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { listSetAside } from '../store/set-aside.ts'
import * as lineOf from './digest-lines.ts'
import type { DigestLine } from './digest-lines.ts'
import { quickTries } from './notification-schedule.ts'
import { unnotedOldMoney } from './read-old-money.ts'
import type { Work } from './work.ts'

/** Days after which a hold is long: one settlement has usually gone by. */
export const longHoldDays = 7
/** Days before its end from which a deadline of the provider's for a seller is named. */
const kycWarnDays = 14
const day = 24 * 3600 * 1000
/** Rows read for each section; a mail about more would not be read either. */
const rowsMax = 5000

/** Lines that have one reason. */
export interface HoldGroup {
  readonly reason: string
  readonly lines: readonly DigestLine[]
}

export interface DigestFacts {
  readonly at: Date
  readonly mode: 'test' | 'live'
  /** Refused movements, movements without an answer, and refused confirmations. */
  readonly failures: readonly DigestLine[]
  /** The group with the oldest hold first. */
  readonly holds: readonly HoldGroup[]
  /** What was canceled since the last digest. It is final: it waits for nobody. */
  readonly givenUp: readonly HoldGroup[]
  readonly expiring: readonly DigestLine[]
  /** Those that wait for evidence, the nearest deadline first. */
  readonly disputes: readonly DigestLine[]
  /** Sellers whose account is about to be restricted, the nearest deadline first. */
  readonly deadlines: readonly DigestLine[]
  /** Balances with money that must be paid out soon, the oldest first; the platform's own last. */
  readonly oldMoney: readonly DigestLine[]
  /** What could not be read of the marketplace. */
  readonly unreadable: readonly DigestLine[]
  readonly undelivered: readonly DigestLine[]
  /** Jobs whose last run ended early. */
  readonly broken: readonly DigestLine[]
  /** Shops for which the provider made no account. */
  readonly creations: readonly DigestLine[]
}

/** Every line for which a digest is sent: what waits for a person. */
export function waitingLines(facts: DigestFacts): readonly DigestLine[] {
  const { failures, holds, expiring, disputes, deadlines, unreadable, oldMoney } = facts
  const held = holds.flatMap(group => group.lines)
  const { undelivered: untold, broken, creations } = facts
  const own = [failures, broken, held, expiring, disputes, deadlines, creations, oldMoney]
  return [...own, unreadable, untold].flat()
}

type Reading = Pick<Work, 'database' | 'environment' | 'clock'>

/** @param last when the digest before was sent; null: there was none, everything is new. */
export async function readDigest(work: Reading, last: Date | null): Promise<DigestFacts> {
  const { queries } = work.database
  const { id, settings, mode } = work.environment
  const now = work.clock.now()
  const rows = await readRows(work, now, last ?? new Date(now.getTime() - day))
  const { failed, held, canceled, refused, payments, disputes, deadlines, untold } = rows
  const old = await unnotedOldMoney(work)
  const purchases = [...payments, ...disputes].flatMap(each => each.purchaseId ?? [])
  const sellersOf = await sellersOfPurchases(queries, id, purchases)
  const ids = [
    ...[...failed, ...held, ...canceled].flatMap(({ movement }) => movement.parties.sellerId ?? []),
    ...refused.flatMap(({ confirmation }) => confirmation.sellerId ?? []),
    ...deadlines.flatMap(({ sellerIds }) => sellerIds),
    ...[...sellersOf.values()].flat(),
    ...untold.flatMap(({ sellerId }) => sellerId ?? []),
    ...old.flatMap(({ sellerIds }) => sellerIds),
    ...rows.creations.map(each => each.id),
  ]
  const known = await sellersWithAccounts(queries, id, ids)
  const named = await namedBefore(queries, id)
  const nameOf = (seller: string) => known.get(seller)?.seller.name ?? seller
  const view: lineOf.View = {
    nameOf,
    isNew: since => last === null || since > last,
    isUnnamed: line => !named.has(line),
    sellersOf: purchase => (sellersOf.get(purchase ?? '') ?? []).map(nameOf),
    place: {
      publicUrl: settings.publicUrl,
      environment: work.environment.slug,
      language: settings.language,
    },
  }
  return {
    at: now,
    mode,
    failures: newFirst([
      ...failed.map(each => lineOf.movement(view, each)),
      ...refused.map(each => lineOf.confirmation(view, each)),
    ]),
    holds: groupsOf(held.map(each => lineOf.hold(view, each, longHoldDays * day))),
    givenUp: groupsOf(canceled.map(each => lineOf.movement(view, each))),
    expiring: payments.map(payment => lineOf.authorization(view, payment)),
    disputes: newFirst(disputes.map(each => lineOf.dispute(view, each))),
    deadlines: newFirst(deadlines.map(each => lineOf.deadline(view, each))),
    oldMoney: newFirst(old.map(each => lineOf.oldMoney(view, each))),
    unreadable: newFirst(rows.unreadable.map(each => lineOf.unreadable(view, each))),
    undelivered: newFirst(untold.map(each => lineOf.notification(view, each))),
    broken: newFirst(rows.broken.map(each => lineOf.job(view, each))),
    creations: newFirst(rows.creations.map(each => lineOf.creation(view, each))),
  }
}

async function readRows(
  { database: { queries }, environment }: Reading,
  now: Date,
  lastTold: Date,
) {
  const { id, settings } = environment
  const longAgo = new Date(now.getTime() - longHoldDays * day)
  const until = new Date(now.getTime() + settings.expiryWarnSeconds * 1000)
  const kycUntil = new Date(now.getTime() + kycWarnDays * day)
  const [failed, held, canceled, refused, payments] = await Promise.all([
    openFailures(queries, id, rowsMax),
    oldHolds(queries, id, longAgo, rowsMax),
    canceledAfter(queries, id, lastTold, rowsMax),
    failedConfirmations(queries, id, rowsMax),
    endingAuthorizations(queries, id, { now, until }, rowsMax),
  ])
  const unnoted = { limit: rowsMax, acknowledged: false }
  const [disputes, deadlines, unreadable, untold, broken, creations] = await Promise.all([
    disputesAwaitingEvidence(queries, id, unnoted),
    kycDeadlines(queries, id, kycUntil, rowsMax),
    listSetAside(queries, id, unnoted),
    undelivered(queries, id, quickTries, rowsMax),
    brokenJobs(queries, id),
    refusedCreations(queries, id, rowsMax),
  ])
  const movements = { failed, held, canceled, refused, payments }
  return { ...movements, disputes, deadlines, unreadable, untold, broken, creations }
}

/** Keeps the order within both parts. */
function newFirst(lines: readonly DigestLine[]): DigestLine[] {
  return [...lines.filter(line => line.isNew), ...lines.filter(line => !line.isNew)]
}

function groupsOf(lines: readonly DigestLine[]): HoldGroup[] {
  const groups = Map.groupBy(lines, line => line.reason ?? '')
  return [...groups].map(([reason, own]) => ({ reason, lines: own }))
}
