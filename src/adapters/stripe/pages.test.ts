import { expect, test } from 'vitest'
import { createClient, UnreadableAnswer } from './client.ts'
import { maximumPages, searchPages } from './pages.ts'

/** A client of a server with `pages` pages of one transfer each, and the cursors it was asked for. */
function open(pages: number, odd: object = {}) {
  const cursors: (string | null)[] = []
  const client = createClient({
    secretKey: 'sk_test_123',
    fetch: (input, init) => {
      const url = new URL(new Request(input, init).url)
      cursors.push(url.searchParams.get('starting_after'))
      const has_more = cursors.length < pages
      const id = `tr_${cursors.length}`
      const whole = { id, object: 'transfer', amount: 1, amount_reversed: 0, currency: 'eur' }
      const list = { object: 'list', data: [{ ...whole, metadata: {} }], has_more, ...odd }
      return Promise.resolve(Response.json(list))
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

test.each([
  ['rows that are none', { data: [null] }],
  ['a row without metadata', { data: [{ id: 'tr_1', object: 'transfer', amount: 1 }] }],
  ['a row of another kind', { data: [{ id: 'tr_1', object: 'invention', metadata: {} }] }],
  ['no word about more', { has_more: null }],
  ['more without a row that leads there', { data: [], has_more: true }],
])('a list with %s does not say that something is not there', async (_, odd) => {
  await expect(open(1, odd).find('tr_none')).rejects.toThrow(UnreadableAnswer)
})
