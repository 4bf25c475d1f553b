import type { Json } from '../../domain/json.ts'
import type { Seller } from '../../domain/seller.ts'
import type { Marketplace, Page, ShopChange, Told } from '../../workflows/ports.ts'
import { countRun, type Gate } from './budgets.ts'
import type { Client } from './client.ts'
import { portions, type Query, timeText } from './endpoints.ts'
import { messageIn } from './failures.ts'
import { at, type Field, isMissing, listOf, rootField } from './fields.ts'
import { decimal, type Writable } from './lossless-json.ts'
import { offsetPages, type Reader, rowsUnder } from './pages.ts'
import { readShop, type ShopFields } from './shop-reading.ts'

type ShopQuery = Parameters<Marketplace['shops']>[0]

/**
 * Shops (S20), product and service ones. Sorted by name, not by date; our own writes come back as
 * updates.
 */
export function readShops(
  reader: Reader,
  gate: Gate,
  fields: ShopFields,
  query: ShopQuery,
): AsyncIterable<Page<Seller>> {
  const pages = lookUp(reader, fields, query)
  return query.ids === undefined ? countRun(gate, 'S20', pages) : pages
}

async function* lookUp(
  reader: Reader,
  fields: ShopFields,
  query: ShopQuery,
): AsyncGenerator<Page<Seller>> {
  const since: Query =
    query.updatedSince === undefined ? [] : [['updated_since', timeText(query.updatedSince)]]
  const parts: readonly Query[] =
    query.ids === undefined
      ? [[]]
      : portions([...new Set(query.ids)]).map(ids => [['shop_ids', ids.join(',')]])
  for (const ids of parts) {
    yield* offsetPages(reader, {
      code: 'S20',
      // Without `domains` Mirakl leaves out shops that sell services only.
      query: [['domains', 'PRODUCT,SERVICE'], ...since, ...ids],
      rows: rowsUnder('shops'),
      read: raw => readShop(raw, fields),
    })
  }
}

/** Longest `kyc.reason` that S07 takes (characters). */
const reasonMax = 5000

/** Writes links and KYC states (S07). One result per change, in their order. */
export async function updateShops(
  client: Client,
  fields: ShopFields,
  changes: readonly ShopChange[],
): Promise<readonly Told[]> {
  const results: Told[] = []
  for (const part of portions(changes)) results.push(...(await updatePart(client, fields, part)))
  return results
}

async function updatePart(
  client: Client,
  fields: ShopFields,
  changes: readonly ShopChange[],
): Promise<readonly Told[]> {
  const sent = changes.filter(change => isShopId(change.sellerId))
  const answers = sent.length === 0 ? [] : await send(client, fields, sent)
  return changes.map(change => {
    if (isShopId(change.sellerId))
      return answers[sent.indexOf(change)] ?? noWord('Mirakl did not name the shop in its answer.')
    return { result: 'refused', message: `"${change.sellerId}" is not the id of a Mirakl shop.` }
  })
}

async function send(
  client: Client,
  fields: ShopFields,
  changes: readonly ShopChange[],
): Promise<readonly Told[]> {
  const shops = changes.map(change => shopBody(fields, change))
  const written = await client.write('S07', { shops })
  // A refusal or a lost answer of the call is the one of each shop in it.
  if (written.result !== 'told') return changes.map(() => written)
  const returns = at(rootField(written.body), 'shop_returns')
  const rows = Array.isArray(returns.value) ? listOf(returns) : []
  return changes.map((change, place) => {
    const own = rows.length === changes.length ? rows[place] : undefined
    const row =
      own !== undefined && [null, change.sellerId].includes(shopIdOf(own))
        ? own
        : rows.find(other => shopIdOf(other) === change.sellerId)
    return row === undefined ? noWord('Mirakl did not name the shop in its answer.') : toldBy(row)
  })
}

function shopBody(fields: ShopFields, change: ShopChange): Writable {
  return {
    shop_id: decimal(change.sellerId),
    ...(change.link === undefined
      ? {}
      : { shop_additional_fields: [{ code: fields.customFieldCode, value: change.link }] }),
    ...(change.kyc === undefined
      ? {}
      : {
          kyc: { status: change.kyc.status, reason: change.kyc.reason.slice(0, reasonMax) },
        }),
  }
}

/** The call answers 200 although single shops were refused. */
function toldBy(row: Field): Told {
  const error = at(row, 'shop_error')
  if (!isMissing(error)) {
    const said = messageIn(error.value as Json)
    return { result: 'refused', message: said ?? 'Mirakl refused the change of the shop.' }
  }
  return isMissing(at(row, 'shop_updated'))
    ? noWord('Mirakl did not say what became of the shop.')
    : { result: 'told' }
}

function shopIdOf(row: Field): string | null {
  const updated = at(row, 'shop_updated', 'shop_id')
  const { value } = isMissing(updated) ? at(row, 'shop_error', 'input', 'shop_id') : updated
  return typeof value === 'number' || typeof value === 'string' ? String(value) : null
}

function isShopId(id: string): boolean {
  return /^[1-9]\d{0,17}$/.test(id)
}

function noWord(message: string): Told {
  return { result: 'unknown', message }
}
