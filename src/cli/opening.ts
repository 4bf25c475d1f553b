import { readConfig } from '../app/config.ts'
import { openRecords, type Records } from '../app/records.ts'

/** Opens the database for one command and closes it after; Mirakl and Stripe are not needed. */
export async function withRecords<T>(work: (records: Records) => Promise<T>): Promise<T> {
  const records = await openRecords(readConfig(process.env))
  try {
    return await work(records)
  } finally {
    await records.close()
  }
}

export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}
