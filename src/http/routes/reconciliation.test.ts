import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { openHttp } from '../../../test/http-laboratory.ts'
import { openLaboratory } from '../../../test/workflows/laboratory.ts'
import type { Database } from '../../database/connection.ts'
import { difference } from '../../domain/reconcile-difference.ts'
import { saveDifferences } from '../../store/differences.ts'
import { reconciliationContract } from '../contract/reconciliation.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const headers = { 'x-auth-token': 'open-sesame' }
const evil = '=HYPERLINK("http://x")<script>'

/** Two differences: one of yesterday, one of last month with an id that somebody else chose. */
async function open() {
  const laboratory = await openLaboratory(database)
  const { environment, clock } = laboratory
  await laboratory.run('reconcile')
  const { names } = laboratory.work()
  const seeing = { reconciliationId: 'rc_1', at: clock.now(), nextId: () => names.next('df') }
  await saveDifferences(
    database.queries,
    environment.id,
    [
      difference('refund_missing', 'refund:1', {
        at: new Date('2026-10-01T08:00:00Z'),
        currency: 'EUR',
        there: 9_007_199_254_740_993n,
        stateThere: 'paid',
        ids: { order: evil, refund: '1' },
      }),
      difference('never_moved', 'movement:mv_1', {
        at: new Date('2026-11-01T08:00:00Z'),
        currency: 'EUR',
        here: 9_000n,
        ids: { movement: 'mv_1' },
      }),
    ],
    seeing,
  )
  return openHttp([laboratory]).app
}

test('the report as JSON, and from a day on', async () => {
  const app = await open()
  const answer = await app.inject({ url: '/v1/reconciliation', headers })
  expect(answer.statusCode).toBe(200)
  const report = reconciliationContract.parse(answer.json())
  expect(report).toMatchObject({ waiting: 2, accepted: 0, unfinished: false })
  expect(report.differences).toMatchObject([
    { cause: 'refund_missing', there: '9007199254740993', ageDays: 32 },
    { cause: 'never_moved', command: 'tributary explain movement mv_1' },
  ])
  const later = await app.inject({ url: '/v1/reconciliation?since=2026-10-20', headers })
  expect(later.json()).toMatchObject({ waiting: 1, differences: [{ cause: 'never_moved' }] })
})

test('CSV in which no cell is a formula', async () => {
  const app = await open()
  const answer = await app.inject({ url: '/v1/reconciliation.csv', headers })
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
  const [head = '', first = '', second = '', end] = answer.body.split('\r\n')
  expect(head).toMatch(/^"id","cause","kind"/)
  expect(first).toContain(`"'=HYPERLINK(""http://x"")<script>"`)
  expect(second).toContain('"never_moved"')
  expect(end).toBe('')
})

test('a page in three languages that shows what others wrote as text', async () => {
  const app = await open()
  const page = await app.inject({ url: '/reconciliation?lang=de', headers })
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('Abweichungen: 2')
  expect(page.body).toContain('Gilt hier als erledigt')
  expect(page.body).toContain('/explain/movement/mv_1?')
  expect(page.body).not.toContain('<script>')
  const status = await app.inject({ url: '/?lang=de', headers })
  expect(status.body).toMatch(/href="\/reconciliation\?[^"]+">Abgleich</)
  const french = await app.inject({ url: '/reconciliation?lang=fr', headers })
  expect(french.body).toContain('Écarts : 2')
})

test.each(['/reconciliation', '/v1/reconciliation', '/v1/reconciliation.csv'])(
  '%s opens for nobody without the token, and for no wrong question',
  async url => {
    const app = await open()
    expect((await app.inject({ url })).statusCode).toBe(401)
    const wrong = await app.inject({ url, headers: { 'x-auth-token': 'open-sesam' } })
    expect(wrong.statusCode).toBe(401)
    expect((await app.inject({ url: `${url}?since=soon`, headers })).statusCode).toBe(400)
    expect((await app.inject({ url: `${url}?environment=none`, headers })).statusCode).toBe(404)
  },
)

test('nothing compared yet is said', async () => {
  const app = openHttp([await openLaboratory(database)]).app
  const page = await app.inject({ url: '/reconciliation', headers })
  expect(page.body).toContain('Nothing was compared yet')
})
