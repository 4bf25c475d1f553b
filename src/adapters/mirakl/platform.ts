import type { CustomField, MarketplaceFeatures } from '../../workflows/ports.ts'
import { countCall, type Gate } from './budgets.ts'
import type { Client } from './client.ts'
import { addressOf } from './endpoints.ts'
import { unreachable } from './failures.ts'
import { at, flagOf, listOf, rootField, textOrNull } from './fields.ts'
import { parseJson } from './lossless-json.ts'

/** What the tenant can do (PC01). A feature that is not named is off. */
export async function readFeatures(client: Client): Promise<MarketplaceFeatures> {
  const { body } = await client.read('PC01', addressOf('PC01', []))
  const root = rootField(body)
  const features = at(root, 'features')
  const zone = at(root, 'timezone').value
  return {
    kyc: flagOf(at(features, 'kyc_status_per_seller')),
    paymentConfirmation: flagOf(at(features, 'payment_confirmation')),
    timeZone: typeof zone === 'string' && zone !== '' ? zone : null,
    raw: body,
  }
}

/** Custom fields of shops (AF01), to check that the configured codes exist. */
export function readCustomFields(client: Client, gate: Gate): Promise<readonly CustomField[]> {
  return countCall(gate, 'AF01', async () => {
    const { body } = await client.read('AF01', addressOf('AF01', [['entities', 'SHOP']]))
    const list = at(rootField(body), 'additional_fields')
    if (!Array.isArray(list.value)) throw unreachable('AF01', 'the answer does not hold the list.')
    return listOf(list).flatMap(field => {
      const code = at(field, 'code').value
      const type = at(field, 'type').value
      return typeof code === 'string' ? [{ code, type: typeof type === 'string' ? type : '' }] : []
    })
  })
}

/** The tenant's version (V01); its body is not documented, so any 2xx counts: then 'unknown'. */
export async function readVersion(client: Client): Promise<string> {
  const text = await client.readText('V01', addressOf('V01', []))
  try {
    return textOrNull(at(rootField(parseJson(text)), 'version')) ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
