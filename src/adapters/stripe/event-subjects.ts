import type { EventSubject, MovementSubject } from '../../workflows/ports.ts'
import { currencyOf, fromStripe, isKnownCurrency } from './amounts.ts'
import { accountOf } from './accounts.ts'
import { disputeOf, disputeShape } from './disputes.ts'
import { isOldConnectors, movementIdOf } from './metadata.ts'
import { isCustomers, paymentOfCharge, paymentOfIntent } from './payments.ts'
import {
  accountShape,
  chargeShape,
  idOf,
  intentShape,
  payoutShape,
  refundShape,
  reversalShape,
  topupShape,
  transferShape,
} from './shapes.ts'
import { outcomeOfPayout, outcomeOfRefund, outcomeOfTopup, outcomeOfTransfer } from './states.ts'

/** What an event carries, as far as it is looked at. */
export interface EventContent {
  readonly type: string
  /** The connected account that it came from. */
  readonly account: string | null
  readonly object: Readonly<Record<string, unknown>>
}

/**
 * What an event is about. @throws ZodError when its object is not what the type promises
 */
export function subjectOf(event: EventContent, purchaseKey: string): EventSubject {
  const currency = event.object['currency']
  if (typeof currency === 'string' && !isKnownCurrency(currency)) return { about: 'other' }
  const [family = ''] = event.type.split('.', 1)
  switch (family) {
    case 'account':
      return aboutAccount(event)
    case 'payment_intent':
      return aboutIntent(event, purchaseKey)
    case 'charge':
      return aboutCharge(event, purchaseKey)
    case 'payout':
      return aboutPayout(event)
    case 'transfer':
      return aboutTransfer(event)
    case 'refund':
      return aboutRefund(event)
    case 'topup':
      return aboutTopup(event)
    default:
      return { about: 'other' }
  }
}

/** The events of each kind of object that tell how it is now. */
const presentStates: Readonly<Record<string, string>> = {
  charge: 'charge.updated',
  dispute: 'charge.dispute.updated',
  payout: 'payout.updated',
  refund: 'refund.updated',
  topup: 'topup.updated',
  transfer: 'transfer.updated',
}

/**
 * What an object itself tells, as an event about it would.
 * @param account the connected account that it stands on; null: the platform
 * @throws ZodError as above
 */
export function subjectOfObject(
  object: EventContent['object'],
  account: string | null,
  purchaseKey: string,
): EventSubject {
  const name = String(object['object'])
  if (name === 'transfer_reversal') return aboutReversal(object)
  const type = presentStates[name]
  return type === undefined ? { about: 'other' } : subjectOf({ type, account, object }, purchaseKey)
}

/** It names its transfer alone: whose account that went to is not said. */
function aboutReversal(object: EventContent['object']): EventSubject {
  const reversal = reversalShape.parse(object)
  if (!isKnownCurrency(reversal.currency)) return { about: 'other' }
  return {
    ...named('reversal', reversal),
    outcome: outcomeOfTransfer(reversal),
    account: null,
    takenBack: null,
    transferId: idOf(reversal.transfer),
  }
}

/** `account.application.deauthorized` carries the application, not the account: that one sent it. */
function aboutAccount(event: EventContent): EventSubject {
  if (event.type === 'account.application.deauthorized' && event.account !== null)
    return { about: 'account_lost', accountId: event.account }
  if (event.type !== 'account.updated') return { about: 'other' }
  const account = accountOf(accountShape.parse(event.object))
  // A seller may not speak for another: an account's own event is about itself.
  if (event.account !== null && event.account !== account.id) return { about: 'other' }
  return { about: 'account', account }
}

/** A payment on a connected account is a direct charge, not one of the marketplace's purchases. */
function aboutIntent(event: EventContent, purchaseKey: string): EventSubject {
  if (event.account !== null) return { about: 'other' }
  const payment = paymentOfIntent(intentShape.parse(event.object), purchaseKey)
  return { about: 'payment', payment }
}

function aboutCharge(event: EventContent, purchaseKey: string): EventSubject {
  if (event.type.startsWith('charge.dispute.')) return aboutDispute(event)
  // `charge.refund.updated` and its like carry the refund.
  if (event.object['object'] === 'refund') return aboutRefund(event)
  if (event.account !== null) return { about: 'other' }
  const charge = chargeShape.parse(event.object)
  if (!isCustomers(charge)) return { about: 'other' }
  return { about: 'payment', payment: paymentOfCharge(charge, purchaseKey) }
}

function aboutPayout(event: EventContent): EventSubject {
  const payout = payoutShape.parse(event.object)
  return {
    ...named('payout', payout),
    outcome: outcomeOfPayout(payout),
    account: event.account,
    // Stripe takes a payout back, even one that it had called paid, by failing it.
    takenBack: payout.status === 'failed' ? fromStripe(payout.amount, payout.currency) : null,
  }
}

function aboutTransfer(event: EventContent): EventSubject {
  const transfer = transferShape.parse(event.object)
  const subject = {
    ...named('transfer', transfer),
    outcome: outcomeOfTransfer(transfer),
    account: idOf(transfer.destination),
    takenBack: null,
    chargeId: idOf(transfer.source_transaction),
  }
  if (event.type === 'transfer.created' || event.type === 'transfer.updated') return subject
  if (event.type !== 'transfer.reversed') return { about: 'other' }
  const reversals = transfer.reversals?.data ?? []
  const taken = reversals.map(reversal => ({
    ...named('reversal', reversal),
    outcome: outcomeOfTransfer(reversal),
    account: subject.account,
    takenBack: null,
    transferId: transfer.id,
  }))
  return { about: 'movements', subjects: [subject, ...taken] }
}

/** A refund may fail after it had succeeded, as payouts may: its money is back on the platform. */
function aboutRefund(event: EventContent): EventSubject {
  const refund = refundShape.parse(event.object)
  return {
    ...named('refund', refund),
    outcome: outcomeOfRefund(refund),
    account: event.account,
    takenBack: refund.status === 'failed' ? fromStripe(refund.amount, refund.currency) : null,
    chargeId: idOf(refund.charge),
  }
}

function aboutTopup(event: EventContent): EventSubject {
  const topup = topupShape.parse(event.object)
  return {
    ...named('top_up', topup),
    outcome: outcomeOfTopup(topup),
    account: event.account,
    takenBack: topup.status === 'reversed' ? fromStripe(topup.amount, topup.currency) : null,
  }
}

/** A dispute on a connected account is about a direct charge, none of the marketplace's purchases. */
function aboutDispute(event: EventContent): EventSubject {
  if (event.account !== null) return { about: 'other' }
  return { about: 'dispute', dispute: disputeOf(disputeShape.parse(event.object)) }
}

interface Made {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly metadata?: Readonly<Record<string, string>> | null | undefined
}

function named(object: MovementSubject['object'], made: Made) {
  return {
    about: 'movement' as const,
    object,
    movementId: movementIdOf(made),
    providerId: made.id,
    amount: fromStripe(made.amount, made.currency),
    currency: currencyOf(made.currency),
    chargeId: null,
    transferId: null,
    byOldConnector: isOldConnectors(made),
  }
}
