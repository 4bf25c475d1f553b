import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyBasket } from '../../test/builders/any-basket.ts'
import {
  anyAccount,
  anyCaptureFacts,
  anyDebitFacts,
  anySettlementFacts,
  anyTransferFacts,
} from '../../test/builders/any-facts.ts'
import { at } from '../../test/builders/moments.ts'
import { storedFrom } from '../../test/builders/movement.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { captureFacts, endsInZero, exact, transferFacts } from '../../test/builders/plan-facts.ts'
import { lifecycle, mayMove, movementStatuses } from './lifecycle.ts'
import { kycOf, linkTargetOf } from './onboarding.ts'
import { planCapture, planReturnOfRefused } from './plan-capture.ts'
import { planDebit } from './plan-debit.ts'
import { planCycleParts, planPayout } from './plan-settlement.ts'
import { planFundedTransfer, planOrderCollection, planTransfer, splitOf } from './plan-transfer.ts'
import type { Plan } from './plan.ts'
import { reasons } from './reasons.ts'
import { changeOf } from './replan.ts'

const now = at('10:00')

/** Every plan of some facts, each asked for anew at every call. */
const anyPlanning: fc.Arbitrary<() => Plan[]> = fc.oneof(
  anyTransferFacts.map(facts => () => [
    planTransfer(facts, endsInZero),
    ...some(planOrderCollection(facts, 1_000n, endsInZero)),
  ]),
  anyCaptureFacts.map(facts => () => [
    planCapture(facts, endsInZero),
    planReturnOfRefused(facts, endsInZero),
  ]),
  anySettlementFacts.map(facts => () => [
    ...planCycleParts(facts, endsInZero),
    ...some(planPayout(facts, endsInZero)),
  ]),
)

function some(plan: Plan | null): Plan[] {
  return plan === null ? [] : [plan]
}

const each = (check: (plan: Plan) => void) =>
  fc.assert(
    fc.property(anyPlanning, planning => planning().forEach(check)),
    { numRuns: 500 },
  )

describe('any plan', () => {
  it('is made without an error, and the same each time', () => {
    fc.assert(
      fc.property(anyPlanning, planning => {
        expect(planning()).toEqual(planning())
      }),
      { numRuns: 500 },
    )
  })

  it('moves a positive amount, and asks for no more of it', () => {
    each(({ decision, kind }) => {
      if (decision.to !== 'move') return
      expect(decision.amount).toBeGreaterThan(0n)
      expect(decision.instruction.amount).toBeLessThanOrEqual(decision.amount)
      const does = kind === 'credit' ? 'transfer' : kind
      expect(decision.instruction.do).toBe(does)
    })
  })

  it('gives the first check that stops as its reason, and moves only when none does', () => {
    each(({ decision, checks }) => {
      const stopped = checks.find(check => check.stops)
      if (decision.to === 'nothing') return
      if (decision.to === 'move') expect(stopped).toBeUndefined()
      else {
        expect(decision.reason).toBe(stopped?.reason)
        expect(decision.to === 'cancel').toBe(reasons[decision.reason].final)
      }
    })
  })

  it('has facts that JSON can carry', () => {
    each(({ facts, checks }) => {
      const shown = [facts, ...checks.map(check => check.facts)]
      expect(JSON.parse(JSON.stringify(shown))).toEqual(shown)
    })
  })

  it('asks each question once', () => {
    each(({ checks }) => {
      const asked = checks.map(check => check.reason)
      expect(new Set(asked).size).toBe(asked.length)
    })
  })
})

describe('any plan against what is stored', () => {
  it('writes nothing when the same facts are planned again', () => {
    each(plan => {
      const first = changeOf(null, plan, now)
      if (first === null) return
      expect(changeOf(storedFrom(first), plan, now)).toBeNull()
    })
  })

  it('moves only as the lifecycle allows, and never touches what was asked or is final', () => {
    const status = fc.constantFrom(...movementStatuses)
    fc.assert(
      fc.property(anyPlanning, anyPlanning, status, fc.boolean(), (old, fresh, stands, due) => {
        for (const [index, plan] of fresh().entries()) {
          const first = changeOf(null, old()[index] ?? plan, now)
          if (first === null) continue
          const before = { ...storedFrom(first), status: stands, nextLookAt: due ? now : null }
          const change = changeOf(before, plan, now)
          if (change === null) continue
          expect(lifecycle[stands].asked || lifecycle[stands].final).toBe(false)
          expect(change.to === stands || mayMove(stands, change.to)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('needs no second plan: after a change the same plan changes nothing', () => {
    fc.assert(
      fc.property(anyPlanning, anyPlanning, (old, fresh) => {
        const [before, after] = [old()[0], fresh()[0]]
        if (before === undefined || after === undefined) return
        const first = changeOf(null, before, now)
        if (first === null) return
        const stored = storedFrom(first)
        const change = changeOf(stored, after, now)
        if (change === null) return
        expect(changeOf(storedFrom(change, stored), after, now)).toBeNull()
      }),
      { numRuns: 500 },
    )
  })
})

describe('money of any purchase', () => {
  it('captured, released and own goods are what was authorised', () => {
    fc.assert(
      fc.property(anyBasket, ({ orders, ownGoods }) => {
        const sum = (of: (order: (typeof orders)[number]) => bigint) =>
          orders.reduce((total, order) => total + of(order), 0n)
        const authorized = sum(order => order.ordered - order.funded) + ownGoods
        const payment = paymentOf({ authorized })
        const facts = captureFacts({ payment, orders: orders.map(({ order }) => order) })
        const plan = planCapture(facts, exact)
        const kept = sum(order => order.kept - order.keptFunded) + ownGoods
        if (authorized === 0n) return
        expect(plan.kind).toBe(kept === 0n ? 'void' : 'capture')
        expect(plan.decision).toMatchObject({ to: 'move', amount: kept === 0n ? authorized : kept })
        // Captured up front, the rest goes back instead.
        const upFront = { ...facts, payment: paymentOf({ authorized, status: 'captured' }) }
        const { decision } = planReturnOfRefused(upFront, exact)
        const back = decision.to === 'move' ? decision.amount : 0n
        expect(kept + back).toBe(authorized)
      }),
    )
  })

  it('transfer (or collection) and commission are the share', () => {
    fc.assert(
      fc.property(anyBasket, ({ orders }) => {
        for (const { order, kept } of orders) {
          const facts = transferFacts({ order })
          const transfer = planTransfer(facts, exact).decision
          const collection = planOrderCollection(facts, 10n ** 20n, exact)?.decision
          const funded = planFundedTransfer(facts, 10n ** 20n, exact)?.decision
          const added = funded?.to === 'move' ? funded.amount : 0n
          const given = (transfer.to === 'move' ? transfer.amount : 0n) + added
          const taken = collection?.to === 'move' ? collection.amount : 0n
          expect(given - taken + splitOf(order, null).commission).toBe(kept)
          expect(given === 0n || taken === 0n).toBe(true)
        }
      }),
    )
  })
})

describe('any debit and any account', () => {
  it('is confirmed only by a payment that covers it', () => {
    fc.assert(
      fc.property(anyDebitFacts, facts => {
        const { decision, checks } = planDebit(facts)
        if (decision.to === 'confirm') {
          const { payment, debit, confirmedSoFar } = facts
          expect(payment?.status).toMatch(/^(authorized|captured)$/)
          const covered = (payment?.authorized ?? 0n) - (payment?.refunded ?? 0n)
          expect(debit.amount + confirmedSoFar).toBeLessThanOrEqual(covered)
          expect(decision.reference).not.toBe('')
        } else {
          expect(decision.reason).toBe(checks.find(check => check.stops)?.reason)
          expect(decision.to === 'refuse').toBe(reasons[decision.reason].final)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is approved exactly when it can receive and be paid out', () => {
    fc.assert(
      fc.property(anyAccount, account => {
        const { status } = kycOf(account)
        const able = account.transfersActive && account.payoutsEnabled
        if (status === 'APPROVED') expect(able && account.standing === 'open').toBe(true)
        const target = linkTargetOf(account)
        if (account.standing !== 'open') expect(target).toMatch(/^explain_/)
        if (status === 'PENDING_SUBMISSION') expect(target).toBe('onboarding')
      }),
      { numRuns: 300 },
    )
  })
})
