import * as billing from './billing-acts.ts'
import { createDice } from './dice.ts'
import { drawPurchases } from './draw-purchases.ts'
import { openShops, releaseSharedShop, visitStripe } from './onboarding-acts.ts'
import type { PlannedPurchase } from './purchase-plan.ts'
import { decideDisputes, disputeCharges } from './dispute-acts.ts'
import { disputePurchases } from './dispute-purchases.ts'
import { failRefund, sendBack } from './refund-acts.ts'
import { refundPurchases } from './refund-purchases.ts'
import { answer, ship } from './seller-acts.ts'
import type { PlacedOrder } from './seller-acts.ts'
import { orderServices, type PlacedService, serve } from './service-acts.ts'
import { servicePurchases } from './service-purchases.ts'
import { buy } from './shop-front.ts'
import { specialPurchases } from './special-purchases.ts'
import type { Day, Played, Stage, Step } from './stage.ts'

/** A Monday morning; every story begins then unless it is told otherwise. */
export const weekStart = new Date('2026-11-02T06:00:00Z')

const names = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
  'Monday after',
  'Tuesday after',
  'Wednesday after',
]

/**
 * A marketplace's week, Monday to Sunday, and three days in which its payouts land. The steps must
 * be played in order, each when the clock stands at its time. The same seed tells the same story.
 */
export function createWeek(stage: Stage, seed: number, start: Date = weekStart): readonly Day[] {
  const midnight = new Date(start)
  midnight.setUTCHours(0, 0, 0, 0)
  const story = createStory(stage, seed, midnight)
  return names.map((name, at) => ({ number: at + 1, name, steps: stepsOf(story, at + 1) }))
}

interface Story {
  readonly stage: Stage
  readonly seed: number
  readonly placed: PlacedOrder[]
  readonly services: PlacedService[]
  at(day: number, hour: number, minute?: number): Date
}

function createStory(stage: Stage, seed: number, midnight: Date): Story {
  return {
    stage,
    seed,
    placed: [],
    services: [],
    at: (day, hour, minute = 0) =>
      new Date(midnight.getTime() + ((day - 1) * 24 + hour) * 3_600_000 + minute * 60_000),
  }
}

/** Days on whose first hour the marketplace closes a billing cycle, and what it is about. */
const cycles = [
  { closes: 5, from: 1, until: 4 },
  { closes: 8, from: 4, until: 7 },
  { closes: 10, from: 7, until: 10 },
]

function stepsOf(story: Story, day: number): Step[] {
  const { stage } = story
  const step = (
    hour: number,
    minute: number,
    title: string,
    play: () => Played | Promise<Played>,
  ): Step => ({ at: story.at(day, hour, minute), title, play: async () => play() })
  const steps: Step[] = []
  const cycle = cycles.find(each => each.closes === day)
  if (cycle !== undefined) {
    const [from, to] = [story.at(cycle.from, 0), story.at(cycle.until, 0)]
    steps.push(step(0, 30, 'billing', () => billing.bill(stage, from, to)))
  }
  if (day === 1) {
    steps.push(
      step(7, 0, 'shops', () => openShops(stage)),
      step(7, 10, 'subscriptions', () => billing.agreeOnSubscriptions(stage)),
    )
  }
  if (day <= 4) steps.push(step(8, 0, 'onboarding', () => visitStripe(stage, day)))
  if (day === 2) steps.push(step(8, 30, 'onboarding', () => releaseSharedShop(stage)))
  if (day === 3) steps.push(step(8, 40, 'documents', () => billing.writeDocuments(stage)))
  if (day === 8) steps.push(step(9, 0, 'late answers', () => answers(story, day, 9)))
  if (day <= 7) steps.push(step(10, 0, 'purchases', () => purchases(story, day)))
  if (day >= 2 && day <= 9) {
    steps.push(step(11, 0, 'refunds', () => sendBack(stage, story.placed, day)))
  }
  if (day === 3) steps.push(step(11, 30, 'disputes', () => disputeCharges(stage)))
  if (day === 6) {
    steps.push(
      step(11, 30, 'disputes', () => decideDisputes(stage)),
      step(11, 50, 'refunds', () => failRefund(stage)),
    )
  }
  if (day >= 2 && day <= 5) {
    steps.push(step(13, 0, 'services', () => serve(stage, story.services, day)))
  }
  if (day === 6) steps.push(step(12, 10, 'bank', () => billing.bouncePayout(stage)))
  if (day === 7) steps.push(step(12, 0, 'bank', () => billing.correctBank(stage)))
  if (day <= 8) {
    steps.push(
      step(15, 0, 'answers', () => answers(story, day, 15)),
      step(18, 0, 'shipping', () => shipping(stage)),
    )
  } else steps.push(step(12, 0, 'quiet', () => ({ told: 'payouts are on their way' })))
  return steps
}

async function purchases(story: Story, day: number): Promise<Played> {
  const dice = createDice(story.seed * 100 + day)
  const planned: PlannedPurchase[] = [
    ...drawPurchases(dice, day),
    ...(specialPurchases[day] ?? []),
    ...(refundPurchases[day] ?? []),
    ...(servicePurchases[day] ?? []),
    ...(disputePurchases[day] ?? []),
  ]
  let orders = 0
  for (const purchase of planned) {
    const ids = await buy(story.stage, purchase)
    const services = orderServices(story.stage, purchase)
    story.services.push(...services)
    orders += ids.length + services.length
    for (const [at, plan] of purchase.orders.entries()) {
      story.placed.push({ id: ids[at] ?? '', purchase, plan })
    }
  }
  return { told: `${planned.length} customers buy from ${orders} sellers` }
}

function answers(story: Story, day: number, hour: number): Played {
  const due = story.placed.filter(
    ({ plan }) => plan.answers.day === day && plan.answers.hour === hour,
  )
  const counts = { accepted: 0, refused: 0, canceled: 0 }
  for (const order of due) counts[answer(story.stage, order)] += 1
  const { accepted, refused, canceled } = counts
  return {
    told: `sellers accept ${accepted} orders and refuse ${refused}; ${canceled} are canceled`,
  }
}

function shipping(stage: Stage): Played {
  const { shipped, received } = ship(stage)
  return { told: `${shipped} orders leave, ${received} arrive` }
}
