import Stripe from 'stripe'
import type { Json } from '../src/domain/json.ts'
import { createHttpApp } from '../src/http/app.ts'
import type { HttpDeps, HttpEnvironment } from '../src/http/deps.ts'
import type { Laboratory } from './workflows/laboratory.ts'

/** The HTTP surface of one laboratory or several, without a network. */
export function openHttp(
  laboratories: readonly [Laboratory, ...Laboratory[]],
  change: Partial<HttpDeps> = {},
) {
  const [first] = laboratories
  const { names, log } = first.work()
  const woken: string[] = []
  const app = createHttpApp({
    database: first.database,
    environments: laboratories.map(each => environmentOf(each)),
    signer: first.signer,
    clock: first.clock,
    names,
    log,
    operatorToken: 'open-sesame',
    publicStatus: false,
    wakeUp: async environmentId => void woken.push(environmentId),
    jobStates: async () => [
      { name: 'split-payments', ready: 2, deferred: 1, active: 1, failed: 0 },
    ],
    pendingMigrations: async () => [],
    version: '0.1.0',
    ...change,
  })
  return { app, woken }
}

/** An environment with both secrets; those of its two endpoints at the simulated Stripe. */
export function environmentOf(
  laboratory: Laboratory,
  secrets: Partial<HttpEnvironment['secrets']> = {},
): HttpEnvironment {
  const { environment, reader, provider, marketplace } = laboratory
  const [operator = '', sellers = ''] = laboratory.secrets
  return {
    environment,
    reader,
    provider,
    marketplace,
    secrets: {
      sellers: [sellers],
      operator: [operator],
      callback: laboratory.secrets,
      ...secrets,
    },
  }
}

/** A webhook as Stripe sends it: its body and its headers. */
export function signedEvent(
  laboratory: Laboratory,
  event: { type: string; object: { [key: string]: Json }; [key: string]: Json },
  signing: { secret?: string; secondsAgo?: number } = {},
) {
  const { object, ...more } = event
  const seconds = Math.floor(laboratory.clock.now().getTime() / 1000)
  const payload = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    created: seconds,
    livemode: false,
    data: { object },
    ...more,
  })
  const timestamp = seconds - (signing.secondsAgo ?? 0)
  const secret = signing.secret ?? laboratory.secrets[1] ?? ''
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
  return {
    payload,
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
  }
}
