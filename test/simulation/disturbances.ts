import { createHmac } from 'node:crypto'
import type { FaultKind } from '../../src/sandbox/faults.ts'
import type { World } from './world.ts'
import { secrets } from './world.ts'

// Without `slow`: it waits in real time, and is `cut_after` for whoever stops waiting.
const kinds: readonly FaultKind[] = [
  'rate_limited',
  'error_html',
  'error_json',
  'cut_before',
  'cut_after',
]

/** The network becomes unreliable, for some requests or for a storm of them. */
export function breakNetwork(world: World): string {
  const { dice, faults } = world
  const side = dice.chance(60) ? 'stripe' : 'mirakl'
  const kind = dice.oneOf(kinds)
  const times = dice.chance(20) ? 40 : dice.between(1, 6)
  const method = dice.chance(60) ? { method: side === 'stripe' ? 'POST' : 'PUT' } : {}
  faults.add({ side, kind, times, probability: dice.oneOf([0.2, 0.5, 1]), ...method })
  return `${side} ${kind} x${times}`
}

/** Stripe itself fails: its keys keep the 500, with the money moved or not. */
export function breakInside(world: World): string {
  const { dice, stripe } = world
  const paths = ['/transfers', '/capture', '/refunds', '/payouts', '/reversals', '/accounts']
  const path = dice.oneOf(paths)
  const moved = dice.chance(50)
  stripe.breakNext({ method: 'POST', path, moved })
  return `500 inside Stripe at ${path}, ${moved ? 'moved' : 'not moved'}`
}

// What polling repairs.
const losable = [
  'account.updated',
  'charge.captured',
  'charge.succeeded',
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payout.failed',
  'payout.paid',
  'refund.failed',
  'refund.updated',
  'transfer.created',
]

/** Webhooks are lost, doubled or late; late ones arrive in another order. */
export function disturbWebhooks(world: World): string {
  const { dice, stripe } = world
  const action = dice.oneOf(['drop', 'duplicate', 'delay'] as const)
  const times = dice.between(1, 8)
  const type = action === 'drop' ? { type: dice.oneOf(losable) } : {}
  const delaySeconds = dice.oneOf([5, 400, 4_000, 90_000])
  stripe.disturbDelivery({ action, times, delaySeconds, ...type })
  return `webhooks: ${action} ${type.type ?? ''} x${times}`
}

/** Somebody else posts to our endpoint. Throws when we believe it. */
export async function forge(world: World): Promise<string | null> {
  const { dice, delivered } = world
  if (delivered.length === 0) return null
  const real = dice.oneOf(delivered)
  const at = Math.floor(world.clock.now().getTime() / 1000)
  const sign = (body: string, secret: string, time: number): string => {
    const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    return `t=${time},v1=${mac}`
  }
  const changed = real.body.replace(/"id":(\s*)"evt_/, '"id":$1"evt_f')
  const forged = dice.oneOf([
    { body: changed, signature: real.signature },
    { body: changed, signature: sign(changed, 'whsec_guessed', at) },
    { body: changed, signature: sign(changed, secrets.operatorHook, at - 3600) },
    { body: real.body, signature: '' },
  ])
  const result = await world.receive(forged)
  if (result !== 'refused') throw new Error(`a forged webhook was ${result}`)
  return 'a forged webhook comes'
}
