import type { World } from './world.ts'
import type { Stored } from './shelf.ts'
import type { Deliveries } from './delivery.ts'

/** An event as stored: its JSON text, because the object in it must stay as it was. */
export interface EventRecord extends Stored {
  readonly type: string
  readonly json: string
}

/** The API version of every event and answer; the one the official SDK pins. */
export const apiVersion = '2026-10-28.endive'

/**
 * Publishes an event: of the platform to account endpoints, of a connected account to Connect endpoints, naming the account.
 * @param keep how many of the newest events can be listed and retrieved
 */
export function createEmitter(world: World, deliveries: Deliveries, keep: number): World['emit'] {
  return (owner, type, object, previous) => {
    const created = world.seconds()
    const id = world.newId('evt')
    const connected = owner !== world.platform
    const endpoints = deliveries.matching(type, connected)
    const json = JSON.stringify({
      id,
      object: 'event',
      ...(connected ? { account: owner } : {}),
      api_version: apiVersion,
      created,
      data: { object, ...(previous ? { previous_attributes: previous } : {}) },
      livemode: world.livemode,
      pending_webhooks: endpoints.length,
      request: world.cause,
      type,
    })
    world.events.add(owner, { id, created, type, json })
    world.events.keepNewest(keep)
    for (const endpoint of endpoints) deliveries.send(endpoint, { id, type, json })
  }
}
