import type { Movement } from '../../src/domain/movement.ts'
import type { Purchase } from './customers.ts'
import type { Made, Observation } from './observation.ts'
import { type World, secrets } from './world.ts'

/**
 * The lifecycle as the design has it, written down once more: an auditor that took the product's own
 * table would believe whatever that table says.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  on_hold: ['on_hold', 'pending', 'canceled'],
  pending: ['pending', 'on_hold', 'submitted', 'canceled'],
  submitted: ['accepted', 'succeeded', 'failed'],
  accepted: ['succeeded', 'failed'],
  failed: ['pending', 'canceled'],
  succeeded: [],
  canceled: [],
}

/** What must hold after every step, whatever has happened. Returns what does not. */
export function auditStep(
  world: World,
  seen: Observation,
  purchases: ReadonlyMap<string, Purchase>,
): string[] {
  return [
    ...nothingTwice(seen),
    ...seen.twofold.map(shop => `twice: an account of shop ${shop}`),
    ...nothingUnasked(seen),
    ...answersTrue(seen),
    ...captures(world, seen, purchases),
    ...journals(seen),
    ...reviews(world, seen),
    ...logLines(world),
  ]
}

function nothingTwice({ made }: Observation): string[] {
  const standing = made.filter(each => each.stands)
  const named = (key: (each: Made) => string): string[] =>
    [
      ...Map.groupBy(
        standing.filter(each => key(each) !== ''),
        key,
      ),
    ]
      .filter(([, group]) => group.length > 1)
      .map(([name, group]) => `twice: ${name}: ${group.map(each => each.id).join(', ')}`)
  return [
    ...named(each => each.movementId),
    ...named(({ what, orderId, cycleId, fromCharge, refundId }) =>
      what === 'transfer' && orderId !== '' && cycleId === '' && refundId === ''
        ? `transfer of ${orderId}, ${fromCharge ? 'from its charge' : 'funding'}`
        : '',
    ),
    ...named(({ what, refundId }) =>
      what === 'refund' && refundId !== '' ? `refund ${refundId}` : '',
    ),
    ...named(({ what, orderId }) =>
      what === 'collection' && orderId !== '' ? `collection of ${orderId}` : '',
    ),
  ]
}

/** Nothing stands at Stripe whose movement we believe was never asked, refused or given up. */
function nothingUnasked({ made, movements }: Observation): string[] {
  const byId = new Map(movements.map(movement => [movement.id, movement]))
  return made
    .filter(each => each.stands)
    .flatMap(each => {
      const movement = byId.get(each.movementId)
      if (movement === undefined) return [`lost: ${each.what} ${each.id} has no movement`]
      const asked = ['submitted', 'accepted', 'succeeded'].includes(movement.status)
      const same = movement.sentAmount === BigInt(each.amount)
      return [
        ...(asked ? [] : [`lost: ${each.what} ${each.id} stands, ${describe(movement)}`]),
        ...(same ? [] : [`amount: ${each.id} moved ${each.amount}, ${describe(movement)}`]),
      ]
    })
}

/** What we call done is done at Stripe. */
function answersTrue({ made, movements, charges }: Observation): string[] {
  const standing = new Set(made.filter(each => each.stands).map(each => each.movementId))
  const known = new Set(made.map(each => each.movementId))
  const underWay = new Set(
    made
      .filter(each => ['pending', 'in_transit'].includes(each.status))
      .map(each => each.movementId),
  )
  const returned = new Set(
    movements.filter(each => each.kind === 'return').map(each => each.source.id),
  )
  const objects = [
    'transfer',
    'credit',
    'collection',
    'payout',
    'refund',
    'reversal',
    'restitution',
  ]
  const captured = new Map(charges.map(charge => [charge.id, charge.captured]))
  return movements.flatMap(movement => {
    if (movement.origin === 'observed' || movement.status !== 'succeeded') return []
    if (movement.kind === 'capture') {
      const { instruction } = movement
      const id = instruction?.do === 'capture' ? (instruction.chargeId ?? '') : ''
      const amount = BigInt(captured.get(id) ?? 0)
      return amount === movement.sentAmount
        ? []
        : [`capture: ${amount} at Stripe, ${describe(movement)}`]
    }
    if (underWay.has(movement.id)) return [`not landed yet: ${describe(movement)}`]
    if (!objects.includes(movement.kind)) return []
    // A bank may send a payout back before we hear of it: then it is known, and stands no more.
    if (movement.kind === 'payout' || movement.kind === 'refund' || returned.has(movement.id)) {
      return known.has(movement.id) ? [] : [`never made: ${describe(movement)}`]
    }
    return standing.has(movement.id) ? [] : [`never made: ${describe(movement)}`]
  })
}

/** Never more is captured than the customer owes for what is kept. */
function captures(
  world: World,
  { charges }: Observation,
  purchases: ReadonlyMap<string, Purchase>,
): string[] {
  return charges.flatMap(({ id, purchaseId, captured }) => {
    const purchase = purchases.get(purchaseId)
    if (purchase === undefined || purchase.upFront || captured === 0) return []
    const owed = world.mirakl
      .orders(purchaseId)
      .reduce((sum, order) => sum + minor(order.customerOwes), purchase.ownGoods)
    return captured > owed ? [`captured: ${id} took ${captured}, owed are ${owed}`] : []
  })
}

function journals({ journal, movements }: Observation): string[] {
  const found: string[] = []
  const last = new Map<string, string>()
  for (const { movement_id: id, from_status: from, to_status: to } of journal) {
    const before = last.get(id) ?? null
    if (from !== before) found.push(`journal: ${id} goes from ${from}, it was ${before}`)
    if (from !== null && !(allowed[from] ?? []).includes(to)) {
      found.push(`journal: ${id} goes from ${from} to ${to}`)
    }
    last.set(id, to)
  }
  for (const movement of movements) {
    if (last.get(movement.id) !== movement.status) {
      found.push(`journal: ends at ${last.get(movement.id)}, ${describe(movement)}`)
    }
  }
  return found
}

/** A person is asked only when nothing can be found: what Stripe has made must be found. */
function reviews(world: World, { movements, made }: Observation): string[] {
  const known = new Set(made.map(each => each.movementId))
  return movements
    .filter(movement => movement.needsReview)
    .flatMap(movement => {
      const asked = movement.attemptedAt ?? world.clock.now()
      const early = world.clock.now().getTime() - asked.getTime() < 23 * 3_600_000
      return [
        ...(movement.status === 'submitted' ? [] : [`review: ${describe(movement)}`]),
        ...(early ? [`review too early: ${describe(movement)}`] : []),
        ...(known.has(movement.id) ? [`review of what Stripe has: ${describe(movement)}`] : []),
      ]
    })
}

/** Looks at the lines since the last audit only, and forgets them. */
function logLines({ logs }: World): string[] {
  const text = logs
    .splice(0)
    .map(line => JSON.stringify(line))
    .join('\n')
  return Object.entries(secrets)
    .filter(([, secret]) => text.includes(secret))
    .map(([name]) => `secret: ${name} is in a line of the log`)
}

export function describe(movement: Movement): string {
  const { kind, id, status, reason, amount, sentAmount, source, failure } = movement
  const why = [reason, failure?.code, failure?.message].filter(Boolean).join(' ')
  return `${kind} ${id} of ${source.type} ${source.id}${source.part} is ${status} (${amount}, sent ${sentAmount}) ${why}`
}

/** Minor units of an amount in EUR that the simulator wrote. */
export function minor(text: string): number {
  return Math.round(Number(text) * 100)
}
