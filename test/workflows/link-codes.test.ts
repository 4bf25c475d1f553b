import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { maskedAddress, sendLinkCode, takeLinkCode } from '../../src/workflows/link-codes.ts'
import type { Mailer } from '../../src/workflows/ports.ts'
import { openTestDatabase } from '../database.ts'
import { openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

function openMailbox() {
  const mails: Parameters<Mailer['send']>[0][] = []
  const mailer: Mailer = {
    send: async mail => {
      mails.push(mail)
      return { result: 'told' }
    },
  }
  return { mails, mailer, code: () => /\d{6}/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '' }
}

async function openSeller() {
  const lab = await openLaboratory(database)
  const shop = lab.mirakl.addShop({ email: 'claire@atelier.example' })
  await lab.run('onboard-sellers')
  return { lab, sellerId: String(shop) }
}

test('a code arrives by mail in the seller’s language and works once', async () => {
  const { lab, sellerId } = await openSeller()
  const box = openMailbox()
  const to = { sellerId, language: 'fr' as const }
  expect(await sendLinkCode(lab.work(), box.mailer, lab.signer, to)).toBe('sent')
  expect(box.mails).toMatchObject([{ to: 'claire@atelier.example' }])
  expect(box.mails[0]?.subject).toContain('est votre code')
  expect(await takeLinkCode(lab.work(), lab.signer, sellerId, box.code())).toBe(true)
  expect(await takeLinkCode(lab.work(), lab.signer, sellerId, box.code())).toBe(false)
})

test('a second code within a minute is not sent, and an old one is not good', async () => {
  const { lab, sellerId } = await openSeller()
  const box = openMailbox()
  const to = { sellerId, language: 'en' as const }
  await sendLinkCode(lab.work(), box.mailer, lab.signer, to)
  expect(await sendLinkCode(lab.work(), box.mailer, lab.signer, to)).toBe('sent_before')
  expect(box.mails).toHaveLength(1)
  await lab.clock.advance(11 * 60_000)
  expect(await takeLinkCode(lab.work(), lab.signer, sellerId, box.code())).toBe(false)
})

test('five wrong codes use a code up', async () => {
  const { lab, sellerId } = await openSeller()
  const box = openMailbox()
  await sendLinkCode(lab.work(), box.mailer, lab.signer, { sellerId, language: 'de' })
  const wrong = box.code() === '000000' ? '000001' : '000000'
  for (let guess = 0; guess < 5; guess += 1) {
    expect(await takeLinkCode(lab.work(), lab.signer, sellerId, wrong)).toBe(false)
  }
  expect(await takeLinkCode(lab.work(), lab.signer, sellerId, box.code())).toBe(false)
})

test('a code is good for its own seller only', async () => {
  const { lab, sellerId } = await openSeller()
  const other = lab.mirakl.addShop({ email: 'otto@laden.example' })
  await lab.run('onboard-sellers')
  const box = openMailbox()
  await sendLinkCode(lab.work(), box.mailer, lab.signer, { sellerId, language: 'en' })
  expect(await takeLinkCode(lab.work(), lab.signer, String(other), box.code())).toBe(false)
})

test('an address is shown so that only its owner knows it', () => {
  expect(maskedAddress('claire@atelier.example')).toBe('c•••@atelier.example')
})
