import { fieldsOf, plain } from './body.ts'
import type { Fields } from './body.ts'
import { rawNumber } from './decimal.ts'
import type { Shop } from './model.ts'
import { badRequest } from './reply.ts'
import { updatedShopView } from './shop-view.ts'
import { setField, touchShop } from './shops.ts'
import type { FieldDefinition, Store } from './store.ts'

interface FieldError {
  code: string
  field: string
  message: string
}

/** Keys of S07 that the simulator keeps and shows again without giving them a meaning. */
const kept = [
  'description',
  'closed_from_date',
  'closed_to_date',
  'premium_state',
  'channel_codes',
  'assignees',
  'tier',
  'immunity_date',
  'return_policy',
  'shipping_country',
] as const

/** Every key that one shop of an S07 request may have. */
export const shopKeys: readonly string[] = [
  ...kept,
  'shop_id',
  'kyc',
  'payment_blocked',
  'suspend',
  'shop_additional_fields',
  'payment_info',
  'operator_internal_id',
  'is_professional',
  'pro_details',
  'address',
  'email',
  'shop_name',
  'web_site',
]

/** Applies one element of S07 and returns its `shop_updated` or `shop_error`. Throws Refusal on a malformed element. */
export function updateOneShop(store: Store, element: unknown): unknown {
  const fields = fieldsOf(element, 'shops', shopKeys)
  const shopId = fields.integer('shop_id')
  for (const key of ['payment_blocked', 'premium_state', 'suspend']) {
    if (fields.raw(key) === null) throw badRequest(`${key} must not be null`)
  }
  const shop = store.shops.get(shopId)
  const errors =
    shop === undefined
      ? [error('shop_id', 'Unable to find the shop with the given id')]
      : check(store, fields)
  if (shop === undefined || errors.length > 0) {
    return { shop_error: { errors, input: plain(element, rawNumber) } }
  }
  apply(store, shop, fields)
  // A connector's own writes come back in the next S20.
  touchShop(store, shop.id)
  return { shop_updated: updatedShopView(store, shop) }
}

function error(field: string, message: string): FieldError {
  return { code: `valid_update_shop.${field}`, field, message }
}

function check(store: Store, fields: Fields): FieldError[] {
  const errors: FieldError[] = []
  const status = kycOf(fields)?.status
  if (status === 'NOT_REQUIRED') errors.push(error('kyc.status', 'The value is read-only'))
  else if (status !== undefined && !isSettable(status)) {
    errors.push(error('kyc.status', `Unknown value ${status}`))
  }
  if ((kycOf(fields)?.reason?.length ?? 0) > 5000) {
    errors.push(error('kyc.reason', 'Must be at most 5000 characters'))
  }
  if (kycOf(fields) !== undefined && !store.settings.kycPerSeller) {
    errors.push(error('kyc', 'The feature is not enabled'))
  }
  for (const entry of additionalFieldsOf(fields)) {
    const definition = store.fields.get(entry.code)
    const message =
      definition === undefined
        ? `Unknown additional field ${entry.code}`
        : mismatch(definition, entry.value)
    if (message !== undefined) errors.push(error('shop_additional_fields', message))
  }
  return errors
}

function apply(store: Store, shop: Shop, fields: Fields): void {
  const kyc = kycOf(fields)
  if (kyc !== undefined) {
    if (isSettable(kyc.status)) shop.kyc.status = kyc.status
    if (kyc.reason !== undefined) shop.kyc.reason = kyc.reason === '' ? null : kyc.reason
  }
  shop.paymentBlocked = fields.boolean('payment_blocked') ?? shop.paymentBlocked
  const suspend = fields.boolean('suspend')
  if (suspend !== undefined) shop.state = suspend ? 'SUSPENDED' : 'OPEN'
  shop.professional = fields.boolean('is_professional') ?? shop.professional
  shop.email = fields.optionalText('email') ?? shop.email
  shop.name = fields.optionalText('shop_name') ?? shop.name
  if (fields.raw('web_site') !== undefined) shop.webSite = fields.optionalText('web_site') ?? null
  if (fields.raw('operator_internal_id') !== undefined) {
    shop.operatorInternalId = fields.optionalText('operator_internal_id') ?? null
  }
  if (fields.raw('payment_info') !== undefined) {
    shop.bank = plain(fields.raw('payment_info'), rawNumber) as Record<string, unknown> | null
  }
  applyDetails(shop, fields)
  if (fields.raw('shop_additional_fields') === null) shop.additionalFields = []
  for (const entry of additionalFieldsOf(fields)) setField(store, shop, entry.code, entry.value)
  for (const key of kept) {
    if (fields.raw(key) !== undefined) shop.further[key] = plain(fields.raw(key), rawNumber)
  }
}

function applyDetails(shop: Shop, fields: Fields): void {
  const details = fields.object('pro_details', [
    'VAT_number',
    'corporate_name',
    'identification_number',
    'tax_identification_number',
  ])
  shop.taxNumber = details?.optionalText('VAT_number') ?? shop.taxNumber
  shop.corporateName = details?.optionalText('corporate_name') ?? shop.corporateName
  shop.registrationNumber =
    details?.optionalText('identification_number') ?? shop.registrationNumber
  const address = fields.object('address', [
    'city',
    'civility',
    'country',
    'fax',
    'firstname',
    'lastname',
    'phone',
    'phone_secondary',
    'state',
    'street1',
    'street2',
    'zip_code',
  ])
  shop.city = address?.optionalText('city') ?? shop.city
  shop.country = address?.optionalText('country') ?? shop.country
  shop.street = address?.optionalText('street1') ?? shop.street
  shop.zipCode = address?.optionalText('zip_code') ?? shop.zipCode
  shop.firstName = address?.optionalText('firstname') ?? shop.firstName
  shop.lastName = address?.optionalText('lastname') ?? shop.lastName
  shop.phone = address?.optionalText('phone') ?? shop.phone
}

function kycOf(fields: Fields): { status: string; reason?: string } | undefined {
  const kyc = fields.object('kyc', ['status', 'reason'])
  if (kyc === undefined) return undefined
  const reason = kyc.raw('reason')
  return { status: kyc.text('status'), ...(typeof reason === 'string' ? { reason } : {}) }
}

function isSettable(
  status: string,
): status is 'PENDING_SUBMISSION' | 'PENDING_APPROVAL' | 'REFUSED' | 'APPROVED' {
  return ['PENDING_SUBMISSION', 'PENDING_APPROVAL', 'REFUSED', 'APPROVED'].includes(status)
}

function additionalFieldsOf(fields: Fields): { code: string; value?: string | string[] }[] {
  const list = fields.raw('shop_additional_fields')
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) throw badRequest('shop_additional_fields must be an array')
  return list.map(entry => {
    const field = fieldsOf(entry, 'shop_additional_fields', ['code', 'value', 'type'])
    const value = field.raw('value')
    const code = field.text('code')
    // An entry without value deletes the field (S07).
    if (value === undefined || value === null) return { code }
    if (typeof value === 'string') return { code, value }
    if (Array.isArray(value)) return { code, value: value.map(String) }
    throw badRequest('shop_additional_fields.value must be a text or a list of texts')
  })
}

function mismatch(
  field: FieldDefinition,
  value: string | string[] | undefined,
): string | undefined {
  if (value === undefined) return undefined
  const wrong = `The value of ${field.code} is not a ${field.type}`
  if (Array.isArray(value)) return field.type === 'MULTIPLE_VALUES_LIST' ? undefined : wrong
  switch (field.type) {
    case 'MULTIPLE_VALUES_LIST':
      return wrong
    case 'BOOLEAN':
      return value === 'true' || value === 'false' ? undefined : wrong
    case 'NUMERIC':
      return /^-?\d+(\.\d+)?$/.test(value) ? undefined : wrong
    case 'LINK':
      return /^https?:\/\/\S+$/.test(value) ? undefined : wrong
    case 'LIST':
      return field.acceptedValues?.includes(value) === false ? wrong : undefined
    default:
      return undefined
  }
}
