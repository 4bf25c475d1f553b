import { createClock } from '../src/sandbox/clock.ts'
import { listen } from '../src/sandbox/http.ts'
import { createMiraklSandbox, type MiraklSandbox } from '../src/sandbox/mirakl/sandbox.ts'
import { createStripeSandbox, type StripeSandbox } from '../src/sandbox/stripe/sandbox.ts'

/** How large the world is. */
export interface WorldTask {
  readonly orders: number
  readonly sellers: number
  /** Leave the debits unconfirmed and the payments authorised: what validate-payments begins with. */
  readonly undecided?: boolean
}

/** A marketplace in the middle of its day, over HTTP. */
export interface World {
  readonly miraklUrl: string
  readonly stripeUrl: string
  readonly miraklKey: string
  readonly stripeKey: string
  readonly sellers: readonly { readonly sellerId: string; readonly accountId: string }[]
  readonly purchases: number
}

const miraklKey = 'bench-key'
const stripeKey = 'sk_test_bench'

/** Each fourth purchase is of two sellers; minor units, so that no amount is like the next. */
const sellersOf = (purchase: number) => (purchase % 4 === 3 ? 2 : 1)
const priceOf = (order: number) => 1_000 + ((order * 37) % 24_000)
const shipping = 490
const text = (minor: number) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`

/** Builds the world in process, as fast as the simulators can, and serves it on loopback. */
export async function openWorld(task: WorldTask): Promise<World> {
  const clock = createClock(new Date())
  const mirakl = createMiraklSandbox({ clock, seed: 11, apiKey: miraklKey })
  // Nobody listens to events here: a few are kept, as the memory of a hundred thousand is much.
  const stripe = createStripeSandbox({ clock, seed: 11, keepEvents: 1_000 })
  const sellers = await openSellers(mirakl, stripe, task.sellers)
  const purchases = await placePurchases(mirakl, stripe, sellers, task)
  return {
    miraklUrl: (await listen(mirakl.handler)).url,
    stripeUrl: (await listen(stripe.handler)).url,
    miraklKey,
    stripeKey,
    sellers,
    purchases,
  }
}

async function openSellers(mirakl: MiraklSandbox, stripe: StripeSandbox, count: number) {
  const sellers: { sellerId: string; accountId: string }[] = []
  for (let number = 1; number <= count; number += 1) {
    const shop = mirakl.addShop({ name: `Shop ${number}`, currency: 'EUR', country: 'FRA' })
    const account = await ask(stripe, '/v1/accounts', {
      country: 'FR',
      'controller[stripe_dashboard][type]': 'express',
      'controller[fees][payer]': 'application',
      'controller[losses][payments]': 'application',
      'capabilities[transfers][requested]': 'true',
    })
    stripe.completeOnboarding(account.id)
    sellers.push({ sellerId: String(shop), accountId: account.id })
  }
  return sellers
}

async function placePurchases(
  mirakl: MiraklSandbox,
  stripe: StripeSandbox,
  sellers: World['sellers'],
  { orders, undecided = false }: WorldTask,
): Promise<number> {
  let placed = 0
  let purchases = 0
  let debits: string[] = []
  while (placed < orders) {
    const count = Math.min(sellersOf(purchases), orders - placed)
    const numbers = Array.from({ length: count }, (_, at) => placed + at)
    const commercialId = `C${String(purchases).padStart(7, '0')}`
    const total = numbers.reduce((sum, number) => sum + priceOf(number) + shipping, 0)
    const payment = await ask(stripe, '/v1/payment_intents', {
      amount: String(total),
      currency: 'eur',
      capture_method: undecided ? 'manual' : 'automatic',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      'metadata[mirakl_commercial_order_id]': commercialId,
    })
    const ids = mirakl.placePurchase({
      commercialId,
      currency: 'EUR',
      imprintNumber: payment.id,
      orders: numbers.map(number => orderOf(number, sellers)),
    })
    for (const [at, id] of ids.entries()) {
      mirakl.acceptOrder(id)
      debits.push(debitOf(id, priceOf(placed + at) + shipping, payment.id))
    }
    placed += count
    purchases += 1
    if (!undecided && (debits.length >= 100 || placed === orders)) {
      await confirm(mirakl, debits)
      debits = []
    }
  }
  return purchases
}

/** Two lines, shipping and a commission of ten percent, as orders mostly are. */
function orderOf(number: number, sellers: World['sellers']) {
  const price = priceOf(number)
  const first = Math.floor(price / 2)
  const lines = [
    { price: text(first), shipping: text(shipping), commission: text(Math.floor(first / 10)) },
    { price: text(price - first), commission: text(Math.floor((price - first) / 10)) },
  ]
  return { shopId: Number(sellers[number % sellers.length]?.sellerId), lines }
}

function debitOf(orderId: string, amount: number, reference: string): string {
  return `{"order_id":"${orderId}","customer_id":"CUST-42","payment_status":"OK","amount":${text(amount)},"currency_iso_code":"EUR","transaction_number":"${reference}"}`
}

/** PA01 for many debits in one call: the tenant's own way, without a socket. */
async function confirm(mirakl: MiraklSandbox, debits: readonly string[]): Promise<void> {
  const answer = await mirakl.handler(
    new Request('http://mirakl.bench/api/payment/debit', {
      method: 'PUT',
      headers: { authorization: miraklKey, 'content-type': 'application/json' },
      body: `{"orders":[${debits.join(',')}]}`,
    }),
  )
  if (!answer.ok) throw new Error(`PA01 answered ${answer.status}: ${await answer.text()}`)
}

async function ask(
  stripe: StripeSandbox,
  path: string,
  form: Record<string, string>,
): Promise<{ id: string }> {
  const answer = await stripe.handler(
    new Request(`http://stripe.bench${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stripeKey}` },
      body: new URLSearchParams(form).toString(),
    }),
  )
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as { id: string }
}
