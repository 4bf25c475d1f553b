import { postingsOf } from './ledger-movements.ts'
import type { Movement, MovementKind } from './movement.ts'
import { type Difference, difference, idsOfMovement } from './reconcile-difference.ts'

/** A line of the provider's books that was found to belong to a movement. Signed minor units. */
export interface MatchedLine {
  readonly id: string
  /** Whose books; null: the platform's own. */
  readonly account: string | null
  readonly sourceId: string | null
  readonly amount: bigint
  readonly currency: string
}

/** A movement with what the provider's books and the ledger say of it. */
export interface MovementFacts {
  readonly movement: Movement
  readonly lines: readonly MatchedLine[]
  /** What the lines that it books as fees cost together, minor units; null: it books none. */
  readonly fees: bigint | null
  /** What the ledger has of it, by account; accounts that add up to nothing are left out. */
  readonly ledger: ReadonlyMap<string, bigint>
  /** Were the books in which it must stand read from before it was sent until long after? */
  readonly covered: boolean
  /** Did Tributary move the same amount of the same money to the same account? */
  readonly hasTwin: boolean
}

/** Kinds that stand in the books under their own provider's id. */
const inBooks: readonly MovementKind[] = [
  'refund',
  'transfer',
  'tax_transfer',
  'reversal',
  'tax_reversal',
  'restitution',
  'credit',
  'collection',
  'payout',
  'return',
  'dispute_loss',
  'dispute_win',
  'operator_payout',
  'top_up',
]

/** Kinds that are the marketplace's business: nobody else should move them. */
const asked: readonly MovementKind[] = [
  'refund',
  'transfer',
  'reversal',
  'credit',
  'collection',
  'payout',
]

/** What of a movement differs from the provider's books or the ledger; null: nothing. */
export function judgeMovement(facts: MovementFacts): Difference | null {
  return judgeAtProvider(facts) ?? judgeFees(facts) ?? judgeHand(facts) ?? judgeLedger(facts)
}

/** Whose books show that it was sent: payouts and collections are made on the seller's account. */
export function booksOf({ kind, source, account, facts }: Movement): string | null {
  const byHand = kind === 'credit' && source.type === 'provider'
  const returned = kind === 'return' && facts['kind'] === 'payout'
  return kind === 'payout' || kind === 'collection' || byHand || returned ? account : null
}

function judgeAtProvider({ movement, lines, covered }: MovementFacts): Difference | null {
  const { kind, status, id } = movement
  if (!inBooks.includes(kind) || movement.facts['kind'] === 'provider_fee') return null
  const own = lines.filter(line => line.account === booksOf(movement))
  const isMine = ({ sourceId }: MatchedLine) =>
    sourceId === movement.providerId || kind === 'dispute_loss' || kind === 'dispute_win'
  const mine = sum(own.filter(isMine))
  // An earlier attempt that failed went and came back: together nothing.
  const others = own.filter(line => !isMine(line))
  const amount = movement.sentAmount ?? movement.amount ?? 0n
  const currency = own[0]?.currency ?? movement.currency
  const seen = (there: bigint | null) => ({
    currency,
    here: amount,
    there,
    stateHere: status,
    ids: { ...idsOfMovement(movement), line: own.at(-1)?.id ?? null },
    at: movement.updatedAt,
  })
  const name = `movement:${id}`
  const done = status === 'succeeded' || status === 'accepted'
  if (sum(others) !== 0n && done) {
    const twice = seen(absolute(mine) + absolute(sum(others)))
    const ids = { ...twice.ids, provider: others[0]?.sourceId ?? null }
    return difference('moved_twice', name, { ...twice, ids })
  }
  if (!done) {
    const moved = absolute(mine + sum(others))
    return moved === 0n ? null : difference('moved_there_only', name, seen(moved))
  }
  if (!own.some(isMine)) {
    // What is accepted may wait at the provider before it is booked there.
    const missing = status === 'succeeded' && covered && amount !== 0n
    return missing ? difference('never_moved', name, seen(null)) : null
  }
  if (currency !== movement.currency || absolute(mine) === amount) return null
  return mine === 0n
    ? difference('return_unknown', name, seen(0n))
    : difference('moved_amount_differs', name, seen(absolute(mine)))
}

function judgeFees({ movement, fees, covered }: MovementFacts): Difference | null {
  const { kind, source, facts, amount } = movement
  const booksFees = source.type === 'provider' && source.id.startsWith('fees:')
  if (!booksFees || !covered) return null
  const there = kind === 'return' ? -(fees ?? 0n) : (fees ?? 0n)
  if (there === amount) return null
  return difference('fee_amount_differs', `movement:${movement.id}`, {
    currency: movement.currency,
    here: amount,
    there,
    stateThere: typeof facts['day'] === 'string' ? facts['day'] : null,
    ids: idsOfMovement(movement),
    at: movement.updatedAt,
  })
}

/** What somebody moved in the dashboard is booked, and nobody asked for it. */
function judgeHand({ movement, hasTwin }: MovementFacts): Difference | null {
  const { origin, source, kind, status } = movement
  const byHand = origin === 'observed' && source.type === 'provider' && asked.includes(kind)
  if (!byHand || (status !== 'succeeded' && status !== 'accepted')) return null
  const cause = hasTwin ? 'moved_twice' : 'moved_by_hand'
  return difference(cause, `movement:${movement.id}`, {
    currency: movement.currency,
    there: movement.amount,
    stateThere: status,
    ids: idsOfMovement(movement),
    at: movement.updatedAt,
  })
}

/** The ledger must have what the movement's present state books, and nothing else. */
function judgeLedger({ movement, ledger }: MovementFacts): Difference | null {
  const { status } = movement
  // What was captured is booked from the payment.
  if (movement.kind === 'capture') return null
  const done = status === 'succeeded' || status === 'accepted'
  const expected = new Map<string, bigint>()
  for (const { entries } of done ? postingsOf(movement, null, status) : []) {
    for (const { account, amount } of entries) {
      expected.set(account, (expected.get(account) ?? 0n) + amount)
    }
  }
  const accounts = [...new Set([...expected.keys(), ...ledger.keys()])]
  const wrong = accounts.find(each => (expected.get(each) ?? 0n) !== (ledger.get(each) ?? 0n))
  if (wrong === undefined) return null
  return difference('ledger_differs', `movement:${movement.id}`, {
    currency: movement.currency,
    here: expected.get(wrong) ?? 0n,
    there: ledger.get(wrong) ?? 0n,
    stateHere: status,
    stateThere: wrong,
    ids: idsOfMovement(movement),
    at: movement.updatedAt,
  })
}

function sum(lines: readonly MatchedLine[]): bigint {
  return lines.reduce((total, line) => total + line.amount, 0n)
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount
}
