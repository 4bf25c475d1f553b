import type { OrderReport } from '../../src/sandbox/mirakl/control.ts'
import type { World } from './world.ts'

const inState = (world: World, ...states: string[]): OrderReport[] =>
  world.mirakl.orders().filter(order => states.includes(order.state))

/** A seller answers one order that waits. Returns what was done; null when none waits. */
export function answerOne(world: World, fate?: 'accept'): string | null {
  const { dice, mirakl } = world
  const waiting = inState(world, 'WAITING_ACCEPTANCE')
  if (waiting.length === 0) return null
  const { orderId, lines } = dice.oneOf(waiting)
  const open = lines.filter(line => line.state === 'WAITING_ACCEPTANCE')
  const roll = fate === 'accept' ? 0 : dice.between(1, 100)
  if (roll > 90) {
    mirakl.refuseOrder(orderId)
    return `refuses ${orderId}`
  }
  if (roll > 82) {
    for (const line of open) mirakl.cancelLine(line.lineId)
    return `cancels ${orderId}`
  }
  if (roll > 70 && open.length > 1) {
    const refuseLines = [dice.oneOf(open).lineId]
    mirakl.acceptOrder(orderId, { refuseLines })
    return `accepts ${orderId} without ${refuseLines.join()}`
  }
  if (roll > 62 && open[0] !== undefined) {
    mirakl.cancelLine(open[0].lineId, { amount: '0.50' })
    mirakl.acceptOrder(orderId)
    return `trims and accepts ${orderId}`
  }
  mirakl.acceptOrder(orderId)
  return `accepts ${orderId}`
}

/** A line of an accepted order is canceled before the customer has paid. */
export function cancelOne(world: World): string | null {
  const { dice, mirakl } = world
  const waiting = inState(world, 'WAITING_DEBIT_PAYMENT')
  if (waiting.length === 0) return null
  const order = dice.oneOf(waiting)
  const open = order.lines.filter(line => line.state === 'WAITING_DEBIT_PAYMENT')
  if (open.length === 0) return null
  const { lineId } = dice.oneOf(open)
  mirakl.cancelLine(lineId)
  return `cancels ${lineId}`
}

/** An order goes on its way, or arrives. */
export function shipOne(world: World): string | null {
  const { dice, mirakl } = world
  const moving = inState(world, 'SHIPPING', 'SHIPPED').filter(order =>
    order.lines.some(line => line.state === order.state),
  )
  if (moving.length === 0) return null
  const { orderId, state } = dice.oneOf(moving)
  if (state === 'SHIPPING') mirakl.shipOrder(orderId)
  else mirakl.receiveOrder(orderId)
  return `${state === 'SHIPPING' ? 'ships' : 'receives'} ${orderId}`
}

/** A customer wants money back: a whole line, or a part of it. */
export function refundOne(world: World): string | null {
  const { dice, mirakl } = world
  const paid = inState(world, 'SHIPPING', 'SHIPPED', 'RECEIVED')
  const lines = paid.flatMap(order => order.lines).filter(line => line.refundIds.length === 0)
  const open = lines.filter(line => ['SHIPPING', 'SHIPPED', 'RECEIVED'].includes(line.state))
  if (open.length === 0) return null
  const { lineId } = dice.oneOf(open)
  const part = dice.chance(60) ? {} : { amount: `0.${dice.between(10, 99)}` }
  const id = mirakl.openRefund(lineId, part)
  return `refund ${id} of ${lineId}`
}

/** Accounts of the sellers, by shop. */
export async function accountsByShop(world: World): Promise<Map<number, string>> {
  const accounts = await world.stripeApi.list('/v1/accounts')
  return new Map(
    accounts.flatMap(({ id, metadata }) => {
      const shop = (metadata as Record<string, string>)['miraklShopId']
      return shop === undefined || typeof id !== 'string' ? [] : [[Number(shop), id] as const]
    }),
  )
}

/** The shop of every account, once for each account. */
export async function shopsOfAccounts(world: World): Promise<number[]> {
  const accounts = await world.stripeApi.list('/v1/accounts')
  return accounts.flatMap(({ metadata }) => {
    const shop = (metadata as Record<string, string>)['miraklShopId']
    return shop === undefined ? [] : [Number(shop)]
  })
}

/** A seller finishes the form, or loses what was given. */
export async function changeKyc(world: World, only?: 'complete'): Promise<string | null> {
  const { dice, stripe } = world
  const accounts = [...(await accountsByShop(world)).values()]
  if (accounts.length === 0) return null
  const account = dice.oneOf(accounts)
  if (only === 'complete' || dice.chance(75)) {
    stripe.completeOnboarding(account)
    return `${account} completes its form`
  }
  stripe.requireMore(account, ['individual.verification.document'], 'requirements.past_due')
  return `${account} is asked for more`
}

/** A bank that takes longer is not looked for any more: its event alone tells (docs/simulation.md). */
function isYoung(world: World, made: Record<string, unknown>, days: number): boolean {
  return world.clock.now().getTime() - Number(made['created']) * 1000 < days * 24 * 3_600_000
}

/** Often no event tells of it: looking at what was called done has to find it. */
function loseNews({ dice, stripe }: World, types: readonly string[]): string {
  if (!dice.chance(40)) return ''
  for (const type of types) stripe.disturbDelivery({ action: 'drop', times: 1, type })
  return ', unheard'
}

/** A bank sends a payout back, before or after it was called paid. */
export async function bounceOne(world: World): Promise<string | null> {
  const { dice, stripe } = world
  const found: { payout: string; account: string }[] = []
  for (const account of (await accountsByShop(world)).values()) {
    for (const payout of await world.stripeApi.list('/v1/payouts', account)) {
      const status = String(payout['status'])
      if (['pending', 'in_transit', 'paid'].includes(status) && isYoung(world, payout, 9))
        found.push({ payout: String(payout['id']), account })
    }
  }
  if (found.length === 0) return null
  const { payout, account } = dice.oneOf(found)
  const unheard = loseNews(world, ['payout.failed'])
  stripe.bouncePayout(payout, 'account_closed')
  stripe.requireMore(account, ['external_account'], 'requirements.past_due')
  return `the bank bounces ${payout}${unheard}`
}

/** The customer's bank cannot take a refund, hours or days after Stripe had called it done. */
export async function failRefundOne(world: World): Promise<string | null> {
  const refunds = await world.stripeApi.list('/v1/refunds')
  const done = refunds.filter(
    refund => refund['status'] === 'succeeded' && isYoung(world, refund, 29),
  )
  if (done.length === 0) return null
  const id = String(world.dice.oneOf(done)['id'])
  const unheard = loseNews(world, ['refund.updated', 'refund.failed'])
  world.stripe.failRefund(id)
  return `refund ${id} comes back${unheard}`
}

/** A subscription fee, or a document that the operator writes by hand. */
export function writeDocument(world: World, shops: readonly number[]): string | null {
  const { dice, mirakl } = world
  const shop = dice.oneOf(shops)
  if (dice.chance(30)) {
    mirakl.setSubscription(shop, { amount: `${dice.between(1, 9)}.50` })
    return `subscription of ${shop}`
  }
  const type = dice.chance(60) ? 'CREDIT' : 'INVOICE'
  mirakl.addManualDocument(shop, { type, amount: `${dice.between(1, 5)}.20` })
  return `${type} for ${shop}`
}
