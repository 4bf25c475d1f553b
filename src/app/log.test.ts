import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { createLog, secretsOf } from './log.ts'

function collect(isTTY = false) {
  const lines: string[] = []
  return { lines, target: { isTTY, write: (text: string) => lines.push(text) } }
}

describe('the log', () => {
  it('writes one JSON line with the fields', () => {
    const { lines, target } = collect()
    createLog({ level: 'info' }, target)('warn', 'an order is set aside', { order: '1-A' })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      message: 'an order is set aside',
      order: '1-A',
    })
  })

  it('writes readable lines to a person', () => {
    const { lines, target } = collect(true)
    createLog({ level: 'info' }, target)('info', 'started', { url: 'http://x', workers: 2 })
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}started {2}url=http:\/\/x workers=2\n$/)
  })

  it('leaves out what is below its level', () => {
    const { lines, target } = collect()
    createLog({ level: 'warn' }, target)('info', 'started')
    expect(lines).toEqual([])
  })

  it('never writes a secret, by name, by form or by value', () => {
    const config = readConfig({
      MIRAKL_HOST_NAME: 'https://acme.mirakl.net',
      MIRAKL_API_KEY: 'front-key-of-the-tenant',
      STRIPE_CLIENT_SECRET: 'sk_test_51AbCdEf',
      STRIPE_SELLERS_WEBHOOK_SECRET: 'whsec_sellers1',
      OPERATOR_PASSWORD: 'long operator token',
      DATABASE_URL: 'postgres://me:pass%20word@db:5432/x',
      TRIBUTARY_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
    })
    const { lines, target } = collect()
    const log = createLog({ level: 'debug', secrets: secretsOf(config) }, target)
    log('error', 'refused: front-key-of-the-tenant', {
      authorization: 'anything',
      headers: {
        Authorization: 'Bearer abcdefgh',
        list: ['whsec_sellers1', 'long operator token'],
      },
      clientSecret: 'x',
      problem: 'Invalid API Key: sk_live_other999, postgres://me:pass%20word@db and pass word',
      key: Buffer.alloc(32, 9).toString('hex'),
    })
    const text = lines.join('')
    for (const secret of [
      'front-key',
      'sk_live_other999',
      'whsec_sellers1',
      'long operator token',
      'pass%20word',
      'pass word',
      'abcdefgh',
      'anything',
      '0909',
    ]) {
      expect(text).not.toContain(secret)
    }
  })
})
