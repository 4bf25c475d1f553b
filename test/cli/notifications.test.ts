import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMailbox } from '../mailbox.ts'
import { openNotificationEndpoint } from '../notification-endpoint.ts'
import { type CliMarketplace, openMarketplace } from './marketplace.ts'

/** The operator is told, by runs alone: no server, no worker. */

const key = 'a key of sixteen characters or more'
let market: CliMarketplace
let endpoint: Awaited<ReturnType<typeof openNotificationEndpoint>>
let mailbox: Awaited<ReturnType<typeof openMailbox>>
let variables: Record<string, string>

beforeAll(async () => {
  ;[market, endpoint, mailbox] = await Promise.all([
    openMarketplace(),
    openNotificationEndpoint(key),
    openMailbox(),
  ])
  variables = {
    OPERATOR_NOTIFICATION_URL: endpoint.url,
    TRIBUTARY_NOTIFICATION_SECRET: key,
    TRIBUTARY_NOTIFICATION_ALLOW: '127.0.0.1',
    TRIBUTARY_LANGUAGE: 'fr',
    MAILER_DSN: mailbox.dsn,
    TECHNICAL_ALERT_EMAIL: 'ops@market.example',
    TECHNICAL_ALERT_EMAIL_FROM: 'pay@market.example',
  }
})
afterAll(async () => {
  await Promise.all([market.close(), endpoint.kill(), mailbox.close()])
})

const tributary = (args: readonly string[], changes: Record<string, string | null> = {}) =>
  market.tributary(args, { ...variables, ...changes })

async function done(...args: string[]): Promise<string> {
  const ended = await tributary(args)
  expect(ended).toMatchObject({ code: 0 })
  return ended.stdout
}

describe('an operator with a URL', () => {
  it('is told by the run itself, signed with the key that `secret` shows', async () => {
    market.mirakl.addShop({ name: 'Atelier Nord' })
    await done('run', 'onboard-sellers', '-q')
    const accounts = await market.stripe.accounts.list()
    market.stripeSandbox.completeOnboarding(accounts.data[0]?.id ?? '')
    await done('run', 'onboard-sellers', '-q')
    expect(endpoint.received.map(each => each.signed)).toEqual([true])
    expect(JSON.parse(endpoint.received[0]?.body ?? '')).toMatchObject({ type: 'account.updated' })
    expect(await done('notifications', 'secret')).toBe(`${key}\n`)
  })

  it('has a key even when none is configured, the same at every start', async () => {
    const changes = { TRIBUTARY_NOTIFICATION_SECRET: null }
    const first = await tributary(['notifications', 'secret'], changes)
    const second = await tributary(['notifications', 'secret'], changes)
    expect(first.stdout).toMatch(/^tnsec_[\w-]{43}\n$/)
    expect(second.stdout).toBe(first.stdout)
  })

  it('lists them, shows the log of one, and has it delivered again', async () => {
    const lines = JSON.parse(await done('notifications', 'list', '--json')) as { id: string }[]
    const id = lines[0]?.id ?? ''
    expect(lines).toMatchObject([{ type: 'account.updated', status: 'delivered', tries: 1 }])
    expect(JSON.parse(await done('notifications', 'show', id))).toMatchObject({
      id,
      body: endpoint.received[0]?.body,
      deliveries: [{ number: 1, status: 200, problem: null }],
    })
    await done('notifications', 'replay', id)
    await done('run', 'deliver-notifications')
    expect(endpoint.received.map(each => each.id)).toEqual([id, id])
    expect(await tributary(['notifications', 'replay', 'unknown'])).toMatchObject({ code: 1 })
    expect(await tributary(['notifications', 'replay'])).toMatchObject({ code: 2 })
    expect(await tributary(['notifications', 'list', '--status', 'x'])).toMatchObject({ code: 2 })
  })
})

describe('the daily mail', () => {
  it('is not sent while nothing waits, comes by the old command name, and can be silenced', async () => {
    await done('run', 'send-digest')
    expect(mailbox.mails).toEqual([])
    await market.database.queries
      .insertInto('notifications')
      .values({
        environment_id: 'test',
        id: 'ntf_lost',
        type: 'account.updated',
        body: '{"type":"account.updated","payload":{}}',
        status: 'undelivered',
        created_at: new Date(),
        updated_at: new Date(),
      })
      .execute()
    await done('run', 'connector:notify:failed-operation', '-q')
    expect(mailbox.mails).toHaveLength(1)
    expect(mailbox.mails[0]).toContain('To: ops@market.example')
    await done('notifications', 'acknowledge', 'ntf_lost')
    await done('run', 'send-digest')
    expect(mailbox.mails).toHaveLength(1)
  })

  it('fails the run when the mail server does not answer', async () => {
    await market.database.queries.deleteFrom('acknowledgements').execute()
    const ended = await tributary(['run', 'send-digest'], { MAILER_DSN: 'smtp://127.0.0.1:1' })
    expect(ended.code).toBe(1)
    expect(ended.stdout + ended.stderr).toContain('could not be mailed')
  })
})

describe('a wrong variable stops the start', () => {
  it.each([
    ['OPERATOR_NOTIFICATION_URL', 'example.com'],
    ['TRIBUTARY_NOTIFICATION_ALLOW', '10.0.0.0/99'],
    ['TRIBUTARY_NOTIFICATION_SECRET', 'short'],
    ['TRIBUTARY_LANGUAGE', 'it'],
    ['MAIL_ON_NOTIFICATION_ENDPOINT_DOWN_COOLDOWN', '-1'],
  ])('%s', async (name, value) => {
    const ended = await tributary(['status'], { [name]: value })
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(name)
    if (name.endsWith('SECRET')) expect(ended.stderr).not.toContain('"short"')
  })
})
