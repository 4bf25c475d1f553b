import { describe, expect, it } from 'vitest'
import type { Debit } from '../../domain/debit.ts'
import type { Cycle } from '../../domain/settlement.ts'
import type { Page, Reading } from '../../workflows/ports.ts'
import { createMirakl } from './mirakl.ts'
import { answerOf, type Scripted, scriptedFetch } from './scripted-fetch.ts'

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

const told = () => answerOf('', 204)
const debit: Debit = {
  id: 'SHIP-1',
  domain: 'product',
  entityType: 'SHIPMENT',
  orderId: 'PUR-1-A',
  purchaseId: 'PUR-1',
  customerId: 'C-1',
  sellerId: '3001',
  amount: 5400n,
  currency: 'EUR',
  imprintNumber: null,
  payOutPspCode: 'NOT_SPECIFIED',
}
const cycle: Cycle = {
  id: '230301',
  feed: 'invoices',
  sellerId: '3001',
  currency: 'KWD',
  createdAt: now,
  final: true,
  payState: 'pending',
  payOutPspCode: 'NOT_SPECIFIED',
  amount: 55540n,
  amountToOperator: 0n,
  subscription: 0n,
  otherInvoices: 0n,
  otherCredits: 0n,
}

describe('shops', () => {
  const bare =
    '{"shop_id":3002,"last_updated_date":"2026-03-01T00:00:00Z","kyc":null,"contact_informations":null,"payment_details":null,"shop_additional_fields":null}'
  const full = `{"shop_id":3001,"shop_name":"Nord","is_professional":true,"currency_iso_code":"EUR",
    "contact_informations":{"country":"FRA","email":"a@b.example","phone":"+33","web_site":null},
    "kyc":{"status":"REFUSED","reason":"blurred"},"payment_details":{"payment_blocked":true},
    "last_updated_date":"2026-03-01T00:00:00.123Z",
    "shop_additional_fields":[{"code":"pay-link","value":"https://x"},{"code":"other"},
    {"code":"pay-ignored","type":"BOOLEAN","value":"true"}]}`

  it('reads full shops and bare ones, and sets one without a date aside', async () => {
    const answer = answerOf(`{"shops":[${full},${bare},{"shop_id":3003}],"total_count":3}`)
    const { mirakl, asked } = tenant(answer)
    const [first, second, third] = await readingsOf(mirakl.shops({ updatedSince: now }))
    expect(first).toMatchObject({
      ok: true,
      value: {
        id: '3001',
        country: 'FR',
        professional: true,
        ignored: true,
        linkShown: 'https://x',
        paymentBlocked: true,
        kyc: { status: 'REFUSED', reason: 'blurred' },
      },
    })
    expect(second).toMatchObject({
      ok: true,
      value: { id: '3002', country: null, email: null, ignored: false, linkShown: null, kyc: null },
    })
    expect(third).toMatchObject({ ok: false, id: '3003', field: 'date_created' })
    expect(asked[0]?.query.get('updated_since')).toBe('2026-03-02T08:00:00Z')
    expect(asked[0]?.query.get('domains')).toBe('PRODUCT,SERVICE')
  })

  it('asks for ids by the hundred, and for none not at all', async () => {
    const ids = Array.from({ length: 101 }, (_, place) => String(place + 1))
    const { mirakl, asked } = tenant(answerOf('{"shops":[]}'), answerOf('{"shops":[]}'))
    await readingsOf(mirakl.shops({ ids }))
    expect(asked.map(one => one.query.get('shop_ids')?.split(',').length)).toEqual([100, 1])
    expect(await readingsOf(mirakl.shops({ ids: [] }))).toEqual([])
  })

  it('writes links and KYC states and reads what became of each shop', async () => {
    const { mirakl, asked } = tenant(
      answerOf(`{"shop_returns":[{"shop_updated":{"shop_id":3001}},
        {"shop_error":{"errors":[{"code":"c","field":"kyc.status","message":"not allowed"}],"input":{"shop_id":3002}}}]}`),
    )
    const kyc = { status: 'REFUSED', reason: 'blurred' }
    const results = await mirakl.updateShops([
      { sellerId: '3001', link: 'https://x' },
      { sellerId: 'acme', link: 'https://y' },
      { sellerId: '3002', kyc },
    ])
    expect(results.map(one => one.result)).toEqual(['told', 'refused', 'refused'])
    expect(results[2]).toMatchObject({ message: 'kyc.status: not allowed' })
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      shops: [
        { shop_id: 3001, shop_additional_fields: [{ code: 'pay-link', value: 'https://x' }] },
        { shop_id: 3002, kyc },
      ],
    })
  })

  it('does not know what became of a shop that the answer leaves out', async () => {
    const { mirakl } = tenant(
      answerOf('{"shop_returns":[{"shop_updated":{"shop_id":3002}}]}'),
      answerOf('<html>', 500),
    )
    const changes = [
      { sellerId: '3001', link: 'a' },
      { sellerId: '3002', link: 'b' },
    ]
    expect((await mirakl.updateShops(changes)).map(one => one.result)).toEqual(['unknown', 'told'])
    expect((await mirakl.updateShops(changes)).map(one => one.result)).toEqual([
      'unknown',
      'unknown',
    ])
  })
})

describe('orders', () => {
  it('counts polls but not look-ups, and asks for purchases by the hundred', async () => {
    const empty = () => answerOf('{"orders":[],"total_count":0}')
    const { mirakl, asked } = tenant(empty(), empty(), empty())
    await readingsOf(mirakl.orders({ updatedSince: now }))
    const purchaseIds = Array.from({ length: 150 }, (_, place) => `P,${place}`)
    await readingsOf(mirakl.orders({ purchaseIds }))
    await expect(readingsOf(mirakl.orders({ updatedSince: now }))).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterSeconds: 55,
    })
    expect(asked.map(one => [...one.query.keys()][0])).toEqual([
      'start_update_date',
      'commercial_ids',
      'commercial_ids',
    ])
  })
})

describe('debits', () => {
  const row = (id: string, amount: string) =>
    `{"order_id":"PUR-1-A","order_commercial_id":"PUR-1","amount":${amount},"currency_iso_code":"EUR",
      "customer_id":"C-1","shop_id":"3001","debit_entity":{"id":"${id}","type":"SHIPMENT"},"imprint_number":null}`

  it.each([
    '{"orders":{"order":[]},"total_count":0}',
    '{"orders":{},"total_count":0}',
    '{"orders":null}',
  ])('reads nothing from %s', async text => {
    expect(await readingsOf(tenant(answerOf(text)).mirakl.debits())).toEqual([])
  })

  it('reads all pages before it gives the first away, and keeps shipments apart', async () => {
    const link = '<https://x/api/payment/debit?max=100&offset=100>; rel="next"'
    const { mirakl, asked } = tenant(
      answerOf(`{"orders":{"order":[${row('S1', '54.0')},${row('S2', '0.105')}]}}`, 200, { link }),
      answerOf(`{"orders":{"order":[${row('S3', '5')}]}}`),
    )
    const pages = mirakl.debits()[Symbol.asyncIterator]()
    const first = await pages.next()
    expect(asked).toHaveLength(2)
    expect(first.value?.readings).toMatchObject([
      { ok: true, value: { id: 'S1', entityType: 'SHIPMENT', amount: 5400n } },
      { ok: false, id: 'S2', field: 'amount' },
    ])
  })

  it('confirms with exactly the amount that was asked for', async () => {
    const { mirakl, asked } = tenant(told(), told())
    const at = new Date('2026-03-02T08:00:00.900Z')
    expect(await mirakl.confirmDebit({ debit, paid: true, reference: 'ch_1', at })).toEqual({
      result: 'told',
    })
    await mirakl.confirmDebit({ debit, paid: false, reference: null, at })
    expect(asked[0]?.body).toBe(
      '{"orders":[{"order_id":"PUR-1-A","customer_id":"C-1","payment_status":"OK","amount":54.00,' +
        '"currency_iso_code":"EUR","transaction_number":"ch_1","transaction_date":"2026-03-02T08:00:00Z",' +
        '"debit_entity":{"id":"SHIP-1","type":"SHIPMENT"}}]}',
    )
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({
      orders: [{ payment_status: 'REFUSED' }],
    })
    expect(asked[1]?.body).not.toContain('"amount"')
  })
})

describe('cycles', () => {
  const invoice = (changes: string) =>
    `{"type":"AUTO_INVOICE","state":"COMPLETE","invoice_id":230301,"id":"4cd5","shop_id":3001,
      "currency_iso_code":"EUR","date_created":"2026-03-01T02:00:11Z","payment":{"state":"PENDING"},
      "payment_info":{"type":"UK","sort_code":"1"},"summary":{"amount_transferred":-1.50,
      "total_subscription_incl_tax":-36.0,"total_other_credits_incl_tax":-12,"total_other_invoices_incl_tax":6.0}${changes}}`

  it('reads invoices: absolute parts, drafts by uuid, manual documents not at all', async () => {
    const draft = invoice(',"state":"DRAFT","invoice_id":null')
    const manual = invoice(',"type":"MANUAL_CREDIT","invoice_id":9')
    const broken = invoice(',"summary":{},"invoice_id":230302')
    const doubted = invoice(',"payment":{"state":"HALF"},"invoice_id":230303')
    const { mirakl, asked } = tenant(
      answerOf(`{"invoices":[${[invoice(''), draft, manual, broken, doubted].join(',')}]}`),
    )
    const readings = await readingsOf(mirakl.cycles({ feed: 'invoices', createdSince: now }))
    expect(readings).toMatchObject([
      {
        value: {
          id: '230301',
          final: true,
          amount: -150n,
          amountToOperator: 0n,
          subscription: 3600n,
          otherCredits: 1200n,
          otherInvoices: 600n,
          payState: 'pending',
        },
      },
      { value: { id: '4cd5', final: false } },
      { ok: false, id: '230302', field: 'summary.amount_transferred' },
      { ok: false, id: '230303', field: 'payment.state' },
    ])
    expect(asked[0]?.query.get('start_date')).toBe('2026-03-02T08:00:00Z')
  })

  it('reads billing cycles', async () => {
    const row = `{"id":"u-1","date_created":"2026-03-01T02:00:11Z","currency_iso_code":"JPY",
      "amount_transferred_to_seller":5000.0,"amount_transferred_to_operator":10,"pay_out":{"state":"PAID"},
      "shop":{"shop_id":3001},"summary":{"total_other_credits_incl_tax":12.0}}`
    const { mirakl, asked } = tenant(answerOf(`{"data":[${row}]}`))
    const query = { feed: 'billing_cycles', sellerId: '3001', ids: ['u-1', 'u-2'] } as const
    expect(await readingsOf(mirakl.cycles(query))).toMatchObject([
      {
        value: { id: 'u-1', amount: 5000n, otherCredits: 12n, payState: 'paid', sellerId: '3001' },
      },
    ])
    expect(asked[0]?.address).toBe(
      '/api/seller-billing-cycles?shop_id=3001&id=u-1&id=u-2&limit=100',
    )
  })

  it('confirms an invoice, its manual documents included', async () => {
    const { mirakl, asked } = tenant(told(), told())
    await mirakl.confirmCycle({ cycle, paid: true, reference: 'po_1', at: now })
    const failureReason = 'INCOMPLETE_KYC'
    await mirakl.confirmCycle({ cycle, paid: false, reference: 'po_1', at: now, failureReason })
    expect(asked.map(one => one.body)).toEqual([
      '{"accounting_documents":[{"invoice_id":230301,"amount":55.540,"currency_iso_code":"KWD",' +
        '"reference":"po_1","transaction_date":"2026-03-02T08:00:00Z","confirm_linked_manual_documents":true}]}',
      '{"accounting_documents":[{"invoice_id":230301,"amount":55.540,"currency_iso_code":"KWD",' +
        '"failure_reason":"INCOMPLETE_KYC","confirm_linked_manual_documents":true}]}',
    ])
  })

  it('refuses what IV07 cannot say, without asking', async () => {
    const { mirakl, asked } = tenant()
    const failed = await mirakl.confirmCycle({ cycle, paid: false, reference: null, at: now })
    expect(failed).toMatchObject({ result: 'refused' })
    const draft = { ...cycle, id: '4cd57d45-dabd' }
    const drafted = await mirakl.confirmCycle({
      cycle: draft,
      paid: true,
      reference: null,
      at: now,
    })
    expect(drafted).toMatchObject({ result: 'refused' })
    expect(asked).toEqual([])
  })

  it('confirms a billing cycle, failed ones too', async () => {
    const { mirakl, asked } = tenant(told(), told())
    const other: Cycle = { ...cycle, id: 'u-1', feed: 'billing_cycles', currency: 'EUR' }
    await mirakl.confirmCycle({ cycle: other, paid: true, reference: 'po_1', at: now })
    await mirakl.confirmCycle({ cycle: other, paid: false, reference: 'po_1', at: now })
    expect(asked.map(one => one.body)).toEqual([
      '{"seller_billing_cycles":[{"id":"u-1","amount_transferred_to_seller":555.40,"currency_iso_code":"EUR",' +
        '"state":"PAID","reference":"po_1","transaction_date":"2026-03-02T08:00:00Z"}]}',
      '{"seller_billing_cycles":[{"id":"u-1","amount_transferred_to_seller":555.40,"currency_iso_code":"EUR",' +
        '"state":"FAILED"}]}',
    ])
  })
})

describe('the platform', () => {
  it('reads features, custom fields and the version', async () => {
    const { mirakl } = tenant(
      answerOf('{"timezone":"Europe/Paris","features":{"kyc_status_per_seller":true}}'),
      answerOf('{"additional_fields":[{"code":"pay-link","type":"LINK"},{"code":null}]}'),
      answerOf('{"version":"3.210"}'),
      answerOf('OK'),
    )
    expect(await mirakl.features()).toMatchObject({
      kyc: true,
      paymentConfirmation: false,
      timeZone: 'Europe/Paris',
    })
    expect(await mirakl.customFields()).toEqual([{ code: 'pay-link', type: 'LINK' }])
    expect(await mirakl.version()).toBe('3.210')
    expect(await mirakl.version()).toBe('unknown')
  })
})
