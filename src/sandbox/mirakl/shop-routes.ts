import { fieldsOf, readJson } from './body.ts'
import { rawNumber } from './decimal.ts'
import type { Shop, ShopDocument } from './model.ts'
import { offsetPage } from './paging.ts'
import { choice, dateOf, flag, listOf, numbers } from './query.ts'
import { badRequest, json, Refusal, seconds } from './reply.ts'
import type { Call, Route } from './router.ts'
import { updateOneShop } from './shop-update.ts'
import { shopView } from './shop-view.ts'
import type { Store } from './store.ts'

const DAY = 86_400_000

/** S20, S07, S30, S31, S33, DO01 and AF01. */
export function shopRoutes(store: Store): Route[] {
  return [
    { code: 'S20', method: 'GET', path: '/api/shops', answer: call => listShops(store, call) },
    { code: 'S07', method: 'PUT', path: '/api/shops', answer: call => updateShops(store, call) },
    {
      code: 'S30',
      method: 'GET',
      path: '/api/shops/documents',
      answer: call => listDocuments(store, call),
    },
    {
      code: 'S31',
      method: 'GET',
      path: '/api/shops/documents/download',
      answer: call => download(store, call),
    },
    {
      code: 'S33',
      method: 'DELETE',
      path: '/api/shops/documents/:id',
      answer: call => deleteDocument(store, call),
    },
    { code: 'DO01', method: 'GET', path: '/api/documents', answer: call => types(store, call) },
    {
      code: 'AF01',
      method: 'GET',
      path: '/api/additional_fields',
      answer: call => definitions(store, call),
    },
  ]
}

function listShops(store: Store, { url, query }: Call): Response {
  const ids = numbers(listOf(query, 'shop_ids'), 'shop_ids')
  const since = dateOf(query, 'updated_since')
  const state = choice(query, 'state', ['OPEN', 'CLOSE', 'SUSPENDED', 'TERMINATED'])
  choice(query, 'premium', ['ALL', 'TRUE', 'FALSE'])
  const premium = query.get('premium')
  // Without `domains`, shops that only sell services are left out (S20).
  const domains = listOf(query, 'domains') ?? ['PRODUCT']
  const wanted = (shop: Shop): boolean =>
    (ids === undefined || ids.has(shop.id)) &&
    (since === undefined || wholeSecond(shop.updatedAt) >= wholeSecond(since)) &&
    (state === undefined || shop.state === state) &&
    premium !== 'TRUE' &&
    shop.domains.some(domain => domains.includes(domain))
  const filters = new URLSearchParams(query)
  filters.delete('offset')
  // By name and not by date: the last shop of a page says nothing about a checkpoint.
  const rows = store.remember(`S20 ${filters}`, () =>
    [...store.shops.values()].filter(wanted).sort(byName),
  )
  return offsetPage(url, 'shops', rows, shop => shopView(store, shop), { switchable: true })
}

function wholeSecond(at: number): number {
  return Math.floor(at / 1000)
}

function byName(left: Shop, right: Shop): number {
  if (left.name !== right.name) return left.name < right.name ? -1 : 1
  return left.id - right.id
}

async function updateShops(store: Store, { request }: Call): Promise<Response> {
  const body = fieldsOf(await readJson(request), 'body', ['shops'])
  const shops = body.raw('shops')
  if (!Array.isArray(shops)) throw badRequest('shops must be an array')
  if (shops.length > 100) throw badRequest('The limit of 100 is exceeded for shops')
  return json({ shop_returns: shops.map(shop => updateOneShop(store, shop)) })
}

function listDocuments(store: Store, { query }: Call): Response {
  const ids = numbers(listOf(query, 'shop_ids'), 'shop_ids')
  const since = dateOf(query, 'updated_since')
  if (ids === undefined && since === undefined) {
    throw badRequest('One of the parameters shop_ids and updated_since is required')
  }
  if (since !== undefined && since < store.now() - 90 * DAY) {
    throw badRequest('The parameter updated_since must be less than 90 days ago')
  }
  const withDeleted = flag(query, 'include_deleted') ?? false
  const rows = [...store.shopDocuments.values()].filter(
    document =>
      (ids === undefined || ids.has(document.shopId)) &&
      (since === undefined || (document.deletedAt ?? document.uploadedAt) >= since) &&
      (withDeleted || document.deletedAt === undefined),
  )
  return json({ shop_documents: rows.map(documentView), total_count: rows.length })
}

function documentView(document: ShopDocument): unknown {
  return {
    date_deleted: seconds(document.deletedAt),
    date_uploaded: seconds(document.uploadedAt),
    file_name: document.fileName,
    id: document.id,
    shop_id: document.shopId,
    type: document.type,
  }
}

function download(store: Store, { query }: Call): Response {
  const ids = numbers(listOf(query, 'document_ids'), 'document_ids')
  const only = ids === undefined ? undefined : [...ids]
  // Several documents come as a ZIP archive, which no connector here asks for.
  if (only?.length !== 1) throw badRequest('The simulator serves exactly one document_ids')
  const document = store.shopDocuments.get(only[0] ?? 0)
  if (document === undefined || document.deletedAt !== undefined) {
    throw new Refusal(404, 'Document not found')
  }
  return new Response(Buffer.from(document.content), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${document.fileName}"`,
    },
  })
}

function deleteDocument(store: Store, call: Call): Response {
  const document = store.shopDocuments.get(Number(call.part('id')))
  if (document === undefined || document.deletedAt !== undefined) {
    throw new Refusal(404, 'Document not found')
  }
  document.deletedAt = store.now()
  return new Response(null, { status: 204 })
}

function types(store: Store, { query }: Call): Response {
  const entities = listOf(query, 'entities') ?? ['SHOP']
  const documents = entities.includes('SHOP')
    ? store.documentTypes.map(type => ({ ...type, description: null, entity: 'SHOP' }))
    : []
  return json({ documents })
}

function definitions(store: Store, { query }: Call): Response {
  const entities = listOf(query, 'entities') ?? ['SHOP']
  const fields = entities.includes('SHOP') ? [...store.fields.values()] : []
  return json({
    additional_fields: fields.map(({ acceptedValues, ...field }) => ({
      ...field,
      entity: 'SHOP',
      accepted_values: acceptedValues ?? [],
      regex: null,
      shop_permission: 'READ_ONLY',
    })),
    total_count: rawNumber(String(fields.length)),
  })
}
