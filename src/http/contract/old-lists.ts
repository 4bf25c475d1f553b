import { z } from 'zod'
import { isStorable } from '../../domain/storable.ts'
import type { Mapping } from '../../store/mappings.ts'
import type { ListedMovement } from '../../store/movement-pages.ts'
import { oldReasonOf, oldStatusOf, oldTypeOf, type OldList } from './old-statuses.ts'

/** Paging of every list: pages from 1, at most 100 on a page. */
const paging = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  itemsPerPage: z.coerce.number().int().min(1).max(100).default(30),
}

/** Query of the lists of movements: those of one order, cycle or refund of Mirakl. */
export const listQuery = z.object({
  ...paging,
  miraklId: z.string().min(1).max(200).refine(isStorable).optional(),
})

export const mappingQuery = z.object({
  ...paging,
  miraklShopId: z.string().regex(/^\d+$/).optional(),
})

/** Body of `POST /api/mappings`. */
export const mappingBody = z.object({
  miraklShopId: z
    .union([z.int().positive(), z.string().regex(/^[1-9]\d{0,14}$/)])
    .transform(id => String(id)),
  stripeUserId: z.string().regex(/^acct_\w{1,60}$/),
})

/** A mapping with the keys and types that it had in the connector before ours. */
export function shownMapping(mapping: Mapping) {
  const created = mapping.mappedAt ?? mapping.changedAt
  return {
    // A shop has one account at most, so that its number names the mapping too.
    id: Number(mapping.sellerId),
    miraklShopId: Number(mapping.sellerId),
    stripeAccountId: mapping.accountId,
    payoutEnabled: mapping.payoutsEnabled,
    payinEnabled: mapping.chargesEnabled,
    disabledReason: mapping.disabledReason,
    creationDatetime: created?.toISOString() ?? null,
    modificationDatetime: (mapping.changedAt ?? created)?.toISOString() ?? null,
  }
}

/** A movement of a list with the keys and types that it had; amounts in the provider's minor units. */
export function shownMovement(list: OldList, listed: ListedMovement) {
  const { movement, number, domain } = listed
  const amount = movement.sentAmount ?? movement.amount
  const common = {
    id: number,
    // Integers, as programs of operators read them; amounts stay far below 2^53.
    amount: amount === null ? null : Number(amount),
    currency: movement.currency,
    status: oldStatusOf(list, movement),
    statusReason: oldReasonOf(movement),
    creationDatetime: movement.createdAt.toISOString(),
    modificationDatetime: movement.updatedAt.toISOString(),
  }
  const account = accountMapping(listed)
  const created = listed.marketplaceAt?.toISOString() ?? null
  switch (list) {
    case 'transfers':
      return {
        ...common,
        ...account,
        type: oldTypeOf(movement, domain),
        miraklId: movement.source.id,
        transferId: movement.providerId,
        transactionId: fundedBy(movement.instruction),
        miraklCreatedDate: created,
      }
    case 'payouts':
      return {
        ...common,
        ...account,
        miraklInvoiceId: numberOr(movement.source.id),
        payoutId: movement.providerId,
        miraklCreatedDate: created,
      }
    case 'refunds':
      return {
        ...common,
        type: oldTypeOf(movement, domain),
        miraklRefundId: movement.source.id,
        miraklOrderId: movement.parties.orderId,
        transactionId: fundedBy(movement.instruction),
        stripeRefundId: movement.providerId,
      }
  }
}

function accountMapping({ movement }: ListedMovement) {
  const { sellerId } = movement.parties
  const known = movement.account !== null && sellerId !== null
  return { accountMapping: known ? `/api/mappings/${sellerId}` : null }
}

/** The charge or transfer that the money comes from. */
function fundedBy(instruction: ListedMovement['movement']['instruction']): string | null {
  switch (instruction?.do) {
    case 'transfer':
      return instruction.sourceCharge
    case 'refund':
      return instruction.chargeId
    case 'reversal':
      return instruction.transferId
    default:
      return null
  }
}

/** Mirakl's numeric ids as numbers, any other id as it is. */
function numberOr(id: string): number | string {
  return /^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id
}
