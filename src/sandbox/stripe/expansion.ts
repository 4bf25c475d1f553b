import { invalidParameter } from './failure.ts'
import type { World } from './world.ts'

type Json = Record<string, unknown>

/**
 * The object with the asked ids replaced by their objects; `data.` goes into the elements of a list. What is stored stays
 * untouched: only the path is copied.
 * @throws StripeFailure 400 for a property that holds no id, and for more than four levels
 */
export function expand(
  world: World,
  owner: string,
  object: object,
  paths: readonly string[],
): object {
  let result = object as Json
  for (const path of paths) {
    const steps = path.split('.')
    if (steps.length > 4) {
      const message = `You cannot expand more than 4 levels of a property. Property: ${path}`
      throw invalidParameter(message, 'expand')
    }
    result = follow(world, owner, result, steps, path)
  }
  return result
}

function follow(
  world: World,
  owner: string,
  object: Json,
  steps: readonly string[],
  path: string,
): Json {
  const [step, ...rest] = steps
  if (step === undefined) return object
  const value = object[step]
  if (Array.isArray(value) && step === 'data') {
    const next = (value as Json[]).map(element => follow(world, owner, element, rest, path))
    return { ...object, data: next }
  }
  if (value === null) return object
  if (step === 'refunds' && object.object === 'charge') {
    return { ...object, refunds: refundsOf(world, owner, String(object.id)) }
  }
  if (typeof value === 'string') {
    const found = lookUp(world, value)
    if (found) return { ...object, [step]: follow(world, owner, found as Json, rest, path) }
  } else if (typeof value === 'object') {
    return { ...object, [step]: follow(world, owner, value as Json, rest, path) }
  }
  throw invalidParameter(`This property cannot be expanded (${path}).`, 'expand')
}

function refundsOf(world: World, owner: string, charge: string): object {
  const refunds = world.refunds.all(owner, { charge })
  return {
    object: 'list',
    data: refunds.slice(-10).toReversed(),
    has_more: refunds.length > 10,
    url: `/v1/charges/${charge}/refunds`,
  }
}

/** By the prefix of the id. Objects of other accounts too: a transfer's destination payment is expandable. */
function lookUp(world: World, id: string): object | undefined {
  switch (id.slice(0, id.indexOf('_'))) {
    case 'acct':
      return world.accounts.locate(id)?.object
    case 'ch':
    case 'py':
      return world.charges.locate(id)?.object
    case 'du':
      return world.disputes.locate(id)?.object
    case 'pi':
      return world.paymentIntents.locate(id)?.object
    case 'po':
      return world.payouts.locate(id)?.object
    case 'pyr':
    case 're':
      return world.refunds.locate(id)?.object
    case 'tr':
      return world.transfers.locate(id)?.object
    case 'trr':
      return world.reversals.locate(id)?.object
    case 'tu':
      return world.topups.locate(id)?.object
    case 'txn':
      return world.balanceTransactions.locate(id)?.object
    default:
      return undefined
  }
}
