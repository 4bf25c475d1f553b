import { describe, expect, it } from 'vitest'
import type { MarketplaceRefund } from '../../domain/refund.ts'
import type { Page, Reading } from '../../workflows/ports.ts'
import { createMirakl } from './mirakl.ts'
import { answerOf, cutConnection, type Scripted, scriptedFetch } from './scripted-fetch.ts'

const now = new Date('2026-03-02T08:00:00.500Z')

function tenant(...answers: readonly Scripted[]) {
  const { fetch, asked } = scriptedFetch(...answers)
  const mirakl = createMirakl({
    baseUrl: 'https://tenant.example',
    auth: { kind: 'apiKey', key: 'k' },
    customFieldCode: 'pay-link',
    ignoredFieldCode: 'pay-ignored',
    fetch,
    clock: { now: () => now },
    countBudgets: true,
    wait: async () => undefined,
  })
  return { mirakl, asked }
}

async function readingsOf<T>(pages: AsyncIterable<Page<T>>): Promise<Reading<T>[]> {
  const readings: Reading<T>[] = []
  for await (const page of pages) readings.push(...page.readings)
  return readings
}

const refund: MarketplaceRefund = {
  id: '1106',
  domain: 'product',
  orderId: 'PUR-1-A',
  lineId: 'PUR-1-A-1',
  purchaseId: 'PUR-1',
  sellerId: '2001',
  amount: 3_000n,
  currency: 'EUR',
}
const service: MarketplaceRefund = {
  ...refund,
  id: '14b2',
  domain: 'service',
  orderId: 'SRV-1',
  lineId: null,
  purchaseId: null,
  sellerId: null,
}

const line = (id: string, refunds: string) =>
  `{"order_line_id":"${id}","offer_id":"1","order_line_amount":30.0,"refunds":{"refund":[${refunds}]}}`
const order = (id: string, lines: string) =>
  `{"order_id":"${id}","order_commercial_id":"PUR-1","shop_id":"2001","customer_id":"C",
    "currency_iso_code":"EUR","amount":30.0,"order_lines":{"order_line":[${lines}]}}`
const page = (orders: string, total: number) =>
  `{"orders":{"order":[${orders}]},"total_count":${total}}`

describe('refunds that wait (PA12)', () => {
  it('are one reading each, over lines and orders; the pages count orders', async () => {
    const first = order(
      'PUR-1-A',
      [
        line('PUR-1-A-1', '{"id":"1106","amount":30.0},{"id":1107,"amount":0.01}'),
        line('PUR-1-A-2', '{"id":"1108","amount":5}'),
      ].join(','),
    )
    const second = order('PUR-1-B', line('PUR-1-B-1', '{"id":"1109","amount":1.50}'))
    const { mirakl, asked } = tenant(answerOf(page(first, 2)), answerOf(page(second, 2)))
    const readings = await readingsOf(mirakl.refunds())
    const read = readings.map(each => (each.ok ? [each.value.id, each.value.amount] : each.field))
    expect(read).toEqual([
      ['1106', 3_000n],
      ['1107', 1n],
      ['1108', 500n],
      ['1109', 150n],
    ])
    expect(readings[0]).toMatchObject({ ok: true, value: refund })
    expect(asked.map(each => each.query.get('offset'))).toEqual(['0', '1'])
  })

  it('are set aside one by one; an order whose own list cannot be read as a whole', async () => {
    const half = order('A', line('A-1', '{"id":"1","amount":1.005},{"id":"2","amount":1}'))
    const broken = '{"order_id":"B","order_lines":{"order_line":"none"}}'
    const { mirakl } = tenant(answerOf(page(`${half},${broken}`, 2)))
    expect(await readingsOf(mirakl.refunds())).toMatchObject([
      { ok: false, id: '1', field: 'order_lines.order_line[0].refunds.refund[0].amount' },
      { ok: true, value: { id: '2' } },
      { ok: false, id: 'B', field: 'order_lines.order_line' },
    ])
  })

  it.each(['{"orders":{},"total_count":0}', '{"total_count":0}', '{"orders":{"order":[]}}'])(
    'are none in %s',
    async body => {
      expect(await readingsOf(tenant(answerOf(body)).mirakl.refunds())).toEqual([])
    },
  )
})

describe('the confirmation of a refund (PA02)', () => {
  it('sends the amount that was listed, or REFUSED without one', async () => {
    const { mirakl, asked } = tenant(answerOf('', 204), answerOf('', 204))
    const said = await mirakl.confirmRefund({ refund, paid: true, reference: 're_1', at: now })
    expect(said).toEqual({ result: 'told' })
    await mirakl.confirmRefund({ refund, paid: false, reference: null, at: now })
    expect(asked[0]).toMatchObject({ method: 'PUT', address: '/api/payment/refund' })
    expect(asked[0]?.body).toBe(
      '{"refunds":[{"refund_id":"1106","payment_status":"OK","amount":30.00,' +
        '"currency_iso_code":"EUR","transaction_number":"re_1",' +
        '"transaction_date":"2026-03-02T08:00:00Z"}]}',
    )
    expect(asked[1]?.body).toContain('"payment_status":"REFUSED"')
    expect(asked[1]?.body).not.toContain('"amount"')
  })

  it('is unknown when the connection is lost, and refused with Mirakl’s words', async () => {
    const { mirakl, asked } = tenant(
      cutConnection(),
      answerOf('{"status":400,"message":"Refund with id 1106 not found"}', 400),
    )
    const tell = () => mirakl.confirmRefund({ refund, paid: true, reference: 're_1', at: now })
    expect(await tell()).toMatchObject({ result: 'unknown' })
    expect(await tell()).toEqual({ result: 'refused', message: 'Refund with id 1106 not found' })
    expect(asked).toHaveLength(2)
  })
})

describe('refunds of services', () => {
  it('are those of SPA12 that are WAITING', async () => {
    const row = (id: string, state: string) =>
      `{"id":"${id}","order_id":"SRV-1","customer_id":"C","amount":30.0,"currency_code":"EUR",
        "state":"${state}","date_created":"2026-03-01T08:00:00Z","date_updated":"2026-03-01T08:00:00Z"}`
    const rows = [row('14b2', 'WAITING'), row('14b3', 'OK'), row('14b4', 'PAUSED')]
    const { mirakl, asked } = tenant(
      answerOf(`{"data":[${rows.join(',')}],"next_page_token":"n"}`),
      answerOf('{"data":[]}'),
    )
    expect(await readingsOf(mirakl.serviceRefunds())).toMatchObject([{ ok: true, value: service }])
    expect(asked[1]?.address).toBe('/api/mms/refunds?page_token=n')
  })

  const tell = async (answer: Scripted, paid = true) => {
    const { mirakl, asked } = tenant(answer)
    const reference = paid ? 're_1' : null
    const said = await mirakl.confirmRefund({ refund: service, paid, reference, at: now })
    return { said, body: asked[0]?.body, address: asked[0]?.address }
  }

  it('are told in a list of one (SPA02)', async () => {
    const { said, body, address } = await tell(
      answerOf('{"errors":[],"success":{"refunds":[{"id":"14b2"}]}}'),
    )
    expect(said).toEqual({ result: 'told' })
    expect(address).toBe('/api/mms/refunds')
    expect(body).toBe(
      '[{"id":"14b2","amount":30.00,"currency_code":"EUR","state":"OK",' +
        '"transaction_number":"re_1","transaction_date":"2026-03-02T08:00:00Z","order_id":"SRV-1"}]',
    )
  })

  it.each([
    [
      '{"errors":[{"refund_id":"14b2","refund_errors":[{"field":"id","message":"Refund not found"}]}]}',
      { result: 'refused', message: 'id: Refund not found' },
    ],
    ['{"errors":[],"success":{"refunds":[{"id":"other"}]}}', { result: 'unknown' }],
    ['{}', { result: 'unknown' }],
  ])('the answer 200 says by itself nothing: %s', async (body, expected) => {
    expect((await tell(answerOf(body))).said).toMatchObject(expected)
  })

  it('are told as REFUSED without a reference', async () => {
    const { body } = await tell(answerOf('{"success":{"refunds":[{"id":"14b2"}]}}'), false)
    expect(body).toContain('"state":"REFUSED"')
    expect(body).not.toContain('transaction_number')
  })
})

describe('the confirmation of a service debit (SPA01)', () => {
  it('names the debit, and is told when the answer names it too', async () => {
    const { mirakl, asked } = tenant(answerOf('{"errors":[],"success":{"debits":[{"id":"d-1"}]}}'))
    const debit = {
      id: 'd-1',
      orderId: 'SRV-1',
      customerId: 'C',
      amount: 10_200n,
      currency: 'EUR',
      state: 'waiting',
      paidAt: null,
      reference: null,
    } as const
    expect(
      await mirakl.confirmServiceDebit({ debit, paid: true, reference: 'ch_1', at: now }),
    ).toEqual({ result: 'told' })
    expect(asked[0]).toMatchObject({ method: 'PUT', address: '/api/mms/debits' })
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual([
      {
        id: 'd-1',
        order_id: 'SRV-1',
        amount: 102,
        currency_code: 'EUR',
        state: 'OK',
        transaction_number: 'ch_1',
        transaction_date: '2026-03-02T08:00:00Z',
      },
    ])
  })
})
