import type { Queries } from '../database/connection.ts'

/** A person has taken note of something; the daily mail is silent about it from then on. */
export interface Acknowledgement {
  readonly subject: 'movement' | 'notification'
  readonly id: string
  /** What was taken note of; for another reason it comes back. '' where there is none. */
  readonly reason: string
  readonly actor: string
}

export async function saveAcknowledgement(
  queries: Queries,
  environmentId: string,
  { subject, id, reason, actor }: Acknowledgement,
  at: Date,
): Promise<void> {
  await queries
    .insertInto('acknowledgements')
    .values({ environment_id: environmentId, subject, id, reason, actor, at })
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'subject', 'id']).doUpdateSet({ reason, actor, at }),
    )
    .execute()
}
