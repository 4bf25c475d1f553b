import { expect, test } from 'vitest'
import { createClient } from './client.ts'
import { maximumPages, searchPages } from './pages.ts'

/** A client of a server with `pages` pages of one transfer each, and the cursors it was asked for. */
function open(pages: number) {
  const cursors: (string | null)[] = []
  const client = createClient({
    secretKey: 'sk_test_123',
    fetch: (input, init) => {
      const url = new URL(new Request(input, init).url)
      cursors.push(url.searchParams.get('starting_after'))
      const has_more = cursors.length < pages
      const list = [{ id: `tr_${cursors.length}`, object: 'transfer' }]
      return Promise.resolve(Response.json({ object: 'list', data: list, has_more }))
    },
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    requestsPerSecond: null,
    totalPerSecond: null,
    pluginVersion: '0.1.0',
  })
  const find = (id: string) =>
    searchPages(
      client,
      'transfers',
      (sdk, page) => sdk.transfers.list(page),
      transfer => transfer.id === id,
    )
  return { find, cursors }
}

test('pages are read until one has it', async () => {
  const { find, cursors } = open(9)
  expect(await find('tr_3')).toMatchObject({ id: 'tr_3' })
  expect(cursors).toEqual([null, 'tr_1', 'tr_2'])
})

test('only a list that was read to its end has it not', async () => {
  expect(await open(3).find('tr_none')).toBeNull()
  const endless = open(Number.POSITIVE_INFINITY)
  expect(await endless.find('tr_none')).toBe('too_many')
  expect(endless.cursors).toHaveLength(maximumPages)
})
