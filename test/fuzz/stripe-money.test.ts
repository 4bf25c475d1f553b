import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Instruction } from '../../src/domain/movement.ts'
import {
  chargeOf,
  movementOf,
  openSeller,
  openStripe,
  pay,
} from '../conformance/stripe-laboratory.ts'
import { changes } from './changes.ts'
import { fuzzing } from './runs.ts'
import { serveStripe } from './stripe-server.ts'

const laboratory = openStripe()
let server: Awaited<ReturnType<typeof serveStripe>>
let seller: string
beforeAll(async () => {
  server = await serveStripe(laboratory.sandbox.handler)
  seller = await openSeller(laboratory)
})
afterAll(() => server.close())

const money = { amount: 100n, currency: 'EUR' as const }

async function transferOf(): Promise<Instruction> {
  const sourceCharge = chargeOf(await pay(laboratory, 10_000))
  return { do: 'transfer', ...money, destination: seller, sourceCharge, group: null }
}

async function captureOf(): Promise<Instruction> {
  const intent = await pay(laboratory, 100, { capture_method: 'manual' })
  return { do: 'capture', ...money, intentId: intent.id, chargeId: null }
}

async function refundOf(): Promise<Instruction> {
  return { do: 'refund', ...money, chargeId: chargeOf(await pay(laboratory, 10_000)) }
}

async function payoutOf(): Promise<Instruction> {
  const given = movementOf(await transferOf())
  await laboratory.provider.send(given, given.id)
  return { do: 'payout', ...money, account: seller, statement: null }
}

const kinds: readonly (readonly [string, string, () => Promise<Instruction>])[] = [
  ['transfer', '/v1/transfers', transferOf],
  ['capture', '/v1/payment_intents', captureOf],
  ['refund', '/v1/refunds', refundOf],
  ['payout', '/v1/payouts', payoutOf],
]

test.each(kinds)(
  'a %s that was done never counts as refused or not there, whatever the answer says',
  async (_, path, instructionOf) => {
    const once = async (list: Parameters<typeof server.disturb>[0]) => {
      const movement = movementOf(await instructionOf())
      server.disturb(list)
      const sent = await server.provider.send(movement, movement.id)
      expect(sent.result).not.toBe('rejected')
      if ('providerId' in sent) expect(sent.providerId).toMatch(/./)
      server.disturb(list === null ? null : { ...list, method: 'GET' })
      const found = await server.provider.find(movement)
      expect(found.result).not.toBe('rejected')
      // It is found by our name in its metadata: an answer that has another one cannot be helped.
      const isNamed = !list?.changes.some(each => each.oddity.do === 'repeat')
      if (isNamed && server.lastText().includes(movement.id))
        expect(found.result).not.toBe('absent')
    }
    const property = fc.asyncProperty(changes, changeList =>
      once({ method: 'POST', path, changes: changeList }),
    )
    await fc.assert(property, fuzzing(15))
    await once(null)
  },
)
