import { closeDispute, evidenceFields, isClosed, isInquiry } from './dispute-record.ts'
import { missing, refused } from './failure.ts'
import * as p from './parameters.ts'
import { listPage, pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import { later } from './world.ts'
import type { Dispute, World } from './world.ts'

const readEvidence = p.shape(
  {},
  Object.fromEntries(evidenceFields.map(field => [field, p.unsettable])),
)
const readUpdate = p.shape({}, { evidence: readEvidence, metadata: p.metadata, submit: p.boolean })
const readList = p.shape({}, { ...pageParameters, charge: p.text, payment_intent: p.text })

export const disputeRoutes: Route[] = [
  route('GET', '/v1/disputes', call => {
    const read = readList(call.parameters)
    const { charge, payment_intent } = read
    return listPage(call, call.world.disputes, '/v1/disputes', {
      ...readPage(read),
      match: { charge, payment_intent },
    })
  }),
  route('GET', '/v1/disputes/:id', call => {
    p.shape({}, {})(call.parameters)
    return findDispute(call)
  }),
  route('POST', '/v1/disputes/:id', update),
  route('POST', '/v1/disputes/:id/close', call => {
    const dispute = openOne(call)
    p.shape({}, {})(call.parameters)
    closeDispute(call.world, call.owner, dispute, isInquiry(dispute) ? 'warning_closed' : 'lost')
    return dispute
  }),
]

function findDispute(call: Call): Dispute {
  const dispute = call.world.disputes.find(call.owner, call.id)
  if (!dispute) throw missing('dispute', call.id, 'dispute')
  return dispute
}

function openOne(call: Call): Dispute {
  const dispute = findDispute(call)
  if (isClosed(dispute)) throw refused('This dispute is already closed')
  return dispute
}

/** `submit` is true by default: what is not to reach the bank yet says so. */
function update(call: Call): object {
  const read = readUpdate(call.parameters)
  const dispute = read.evidence === undefined ? findDispute(call) : openOne(call)
  dispute.metadata = p.mergeMetadata(dispute.metadata, read.metadata)
  if (read.evidence !== undefined) {
    Object.assign(dispute.evidence, read.evidence)
    dispute.evidence_details.has_evidence = evidenceFields.some(
      field => dispute.evidence[field] !== null,
    )
    if (read.submit ?? true) submit(call, dispute)
  }
  call.world.emit(call.owner, 'charge.dispute.updated', dispute)
  return dispute
}

function submit(call: Call, dispute: Dispute): void {
  const { evidence, evidence_details: details } = dispute
  if (details.submission_count > 0) {
    throw refused('Evidence has already been submitted for this dispute.')
  }
  details.submission_count += 1
  details.submission_method = 'manual'
  dispute.status = isInquiry(dispute) ? 'warning_under_review' : 'under_review'
  decideByTestText(call.world, call.owner, dispute, evidence.uncategorized_text)
}

/** Stripe's test mode decides by these texts, https://docs.stripe.com/testing#disputes */
function decideByTestText(
  world: World,
  owner: string,
  dispute: Dispute,
  text: string | null,
): void {
  if (text !== 'winning_evidence' && text !== 'losing_evidence') return
  const verdict = text === 'winning_evidence' ? 'won' : 'lost'
  // Here the bank takes an hour.
  later(world, world.seconds() + 3600, () => {
    if (isClosed(dispute)) return
    closeDispute(world, owner, dispute, isInquiry(dispute) ? 'warning_closed' : verdict)
  })
}
