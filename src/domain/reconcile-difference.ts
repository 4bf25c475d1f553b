import type { CauseCode } from './reconcile-causes.ts'
import type { Movement } from './movement.ts'

/** Ids on both sides by which a difference can be looked up; each null when there is none. */
export interface DifferenceIds {
  readonly movement: string | null
  readonly payment: string | null
  readonly order: string | null
  readonly refund: string | null
  readonly cycle: string | null
  readonly seller: string | null
  /** The provider's id of the object. */
  readonly provider: string | null
  /** The line of the provider's books. */
  readonly line: string | null
  /** The provider's account of a seller. */
  readonly account: string | null
}

/** Something that is not the same here and at the side that its cause names. */
export interface Difference {
  /** Names it across runs: the same subject with the same cause is the same difference. */
  readonly key: string
  readonly cause: CauseCode
  /** Of both amounts; null when the difference is not about one. */
  readonly currency: string | null
  /** Minor units; null: there is none on this side. */
  readonly here: bigint | null
  readonly there: bigint | null
  /** The states as each side names them; null: it has none. */
  readonly stateHere: string | null
  readonly stateThere: string | null
  readonly ids: DifferenceIds
  /** When what differs happened. */
  readonly at: Date
}

const noIds: DifferenceIds = {
  movement: null,
  payment: null,
  order: null,
  refund: null,
  cycle: null,
  seller: null,
  provider: null,
  line: null,
  account: null,
}

/** @param subject what differs, with its type: `movement:mv_1` */
export function difference(
  cause: CauseCode,
  subject: string,
  made: Partial<Omit<Difference, 'key' | 'cause' | 'ids'>> &
    Pick<Difference, 'at'> & { readonly ids: Partial<DifferenceIds> },
): Difference {
  const { ids, ...rest } = made
  return {
    key: `${cause}:${subject}`,
    cause,
    currency: null,
    here: null,
    there: null,
    stateHere: null,
    stateThere: null,
    ...rest,
    ids: { ...noIds, ...ids },
  }
}

/** What a movement can be looked up by. */
export function idsOfMovement({ id, parties, source, providerId, account }: Movement) {
  return {
    movement: id,
    payment: parties.paymentId,
    order: parties.orderId,
    refund: source.type === 'refund' ? source.id : null,
    cycle: parties.cycleId,
    seller: parties.sellerId,
    provider: providerId,
    account,
  }
}
