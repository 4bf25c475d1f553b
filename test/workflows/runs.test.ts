import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { latestRuns } from '../../src/store/runs.ts'
import { openTestDatabase } from '../database.ts'
import { openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('a run whose reading and then its sending fail has an end that tells both', async () => {
  const lab = await openLaboratory(database)
  lab.faults.add({ side: 'mirakl', kind: 'error_html' })
  const lost = () => Promise.reject(new Error('the connection to the database was lost'))
  const report = await lab.run('validate-payments', {
    database: { ...database, inTransaction: lost },
  })
  expect(report.error).toMatch(/.+ the connection to the database was lost$/)
  const [run] = await latestRuns(database.queries, lab.environment.id)
  expect(run).toMatchObject({
    job: 'validate-payments',
    error: report.error,
    ended_at: lab.clock.now(),
  })
  const told = lab.logs.filter(({ message }) => message === 'a run ended early')
  expect(told).toHaveLength(2)
})
