import { describe, expect, it } from 'vitest'
import type { Json } from '../../domain/json.ts'
import { createClient } from './client.ts'
import { at, readingOf, nameOf } from './fields.ts'
import { type List, nextOfLink, offsetPages, rowsUnder, seekPages } from './pages.ts'
import { answerOf, type Scripted, scriptedFetch } from './scripted-fetch.ts'

const list: List<{ id: string }> = {
  code: 'OR11',
  query: [['start_update_date', '2026-03-01T10:00:00Z']],
  rows: rowsUnder('rows'),
  read: raw => readingOf(raw, [['id']], root => ({ id: nameOf(at(root, 'id')) })),
}

function world(pagesMax: number, ...answers: readonly Scripted[]) {
  const { fetch, asked } = scriptedFetch(...answers)
  const client = createClient({
    baseUrl: 'https://proxy.example/mirakl',
    auth: { kind: 'apiKey', key: 'k' },
    fetch,
    clock: { now: () => new Date(0) },
    wait: async () => undefined,
  })
  return { reader: { client, pagesMax }, asked }
}

async function idsOf(pages: ReturnType<typeof offsetPages<{ id: string }>>): Promise<string[][]> {
  const result: string[][] = []
  for await (const page of pages)
    result.push(page.readings.map(reading => (reading.ok ? reading.value.id : reading.id)))
  return result
}

function rows(ids: readonly string[], more: { [key: string]: Json } = {}): string {
  return JSON.stringify({ rows: ids.map(id => ({ id })), ...more })
}

function linked(ids: readonly string[], link: string): Response {
  return answerOf(rows(ids), 200, { link })
}

describe('offset pages', () => {
  it('defect 15: asks for 100 rows and follows the links on our own address', async () => {
    const { reader, asked } = world(
      9,
      linked(['1', '2'], '<https://other.example/api/orders?max=100&offset=100&x=a,b>; rel="next"'),
      linked(['3'], '<https://other.example/api/orders?offset=0>; rel="previous"'),
    )
    expect(await idsOf(offsetPages(reader, list))).toEqual([['1', '2'], ['3']])
    expect(asked.map(one => one.address)).toEqual([
      '/mirakl/api/orders?start_update_date=2026-03-01T10%3A00%3A00Z&max=100&offset=0',
      '/mirakl/api/orders?max=100&offset=100&x=a%2Cb',
    ])
  })

  it('counts on when the links were lost, and stops at an empty page', async () => {
    const { reader, asked } = world(
      9,
      answerOf(rows(['1', '2'], { total_count: 5 })),
      answerOf(rows(['3'], { total_count: 5 })),
      answerOf(rows([], { total_count: 5 })),
    )
    expect(await idsOf(offsetPages(reader, list))).toEqual([['1', '2'], ['3'], []])
    expect(asked.map(one => one.query.get('offset'))).toEqual(['0', '2', '3'])
  })

  it('stops at an empty page that has a next link', async () => {
    const { reader } = world(9, linked([], '<https://x/api/orders?offset=100>; rel="next"'))
    expect(await idsOf(offsetPages(reader, list))).toEqual([[]])
  })

  it('gives a row that moved to the next page once', async () => {
    const { reader } = world(
      9,
      linked(['1', '2'], '<https://x/api/orders?offset=100>; rel=next'),
      answerOf(rows(['2', '3'])),
    )
    expect(await idsOf(offsetPages(reader, list))).toEqual([['1', '2'], ['3']])
  })

  it('names the cap, and a page that leads back', async () => {
    const next = (offset: number) =>
      linked([`${offset}`], `<https://x/api/orders?offset=${offset}>; rel="next"`)
    const long = world(2, next(1), next(2))
    await expect(idsOf(offsetPages(long.reader, list))).rejects.toThrow('more than 2 pages')
    const loop = world(9, next(1), next(1))
    await expect(idsOf(offsetPages(loop.reader, list))).rejects.toThrow('leads back')
  })

  it('takes an answer without the list for a failure, not for the end', async () => {
    const { reader } = world(9, answerOf('{"message":"maintenance"}'))
    await expect(idsOf(offsetPages(reader, list))).rejects.toMatchObject({ kind: 'unavailable' })
  })
})

describe('seek pages', () => {
  it('sends the token and nothing else', async () => {
    const { reader, asked } = world(
      9,
      answerOf(rows(['1'], { next_page_token: 'bGlt+aXQ9.c2ln==' })),
      answerOf(rows(['2'], { previous_page_token: 'x' })),
    )
    expect(await idsOf(seekPages(reader, { ...list, code: 'SBC11' }))).toEqual([['1'], ['2']])
    expect(asked[0]?.query.get('limit')).toBe('100')
    expect(asked[1]?.address).toBe(
      '/mirakl/api/seller-billing-cycles?page_token=bGlt%2BaXQ9.c2ln%3D%3D',
    )
  })
})

it.each([
  ['{"rows":[],"next_page_token":{"a":1}}', seekPages, 'SBC11: next_page_token: not a text'],
  ['{"rows":[{"id":"1"}],"total_count":[7]}', offsetPages, 'OR11: total_count: not a text'],
] as const)(
  'a word about the next page that cannot be read is named: %s',
  async (body, pages, said) => {
    const { reader } = world(9, answerOf(body))
    const code = pages === seekPages ? 'SBC11' : 'OR11'
    await expect(idsOf(pages(reader, { ...list, code }))).rejects.toThrow(said)
  },
)

describe('the Link header', () => {
  it.each([
    ['<https://x/a?ids=1,2&offset=10>; rel="next", <https://x/a?offset=0>; rel="previous"', '10'],
    ['<https://x/a?offset=0>; rel="previous",<https://x/a?offset=20>;rel=next', '20'],
    ['<https://x/a?offset=30>; title="a, b; c"; rel="last NEXT"', '30'],
    ['<https://x/a?q=a;rel="x">; rel="first", <https://x/a?offset=40#part>; rel="next"', '40'],
  ])('%s', (header, offset) => {
    expect(nextOfLink(header)?.find(([key]) => key === 'offset')?.[1]).toBe(offset)
  })

  it.each([
    [null],
    [''],
    ['nonsense'],
    ['<https://x/a?offset=1'],
    ['<https://x/a?offset=1>; rel="prev"'],
    ['<https://x/a?offset=1>, rel="next"'],
    ['<https://x/a>; rel="next"'],
  ])('holds no next page: %s', header => {
    expect(nextOfLink(header)).toBeNull()
  })
})
