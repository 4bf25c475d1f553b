import type { Json } from '../../domain/json.ts'
import type { Seller } from '../../domain/seller.ts'
import type { Reading } from '../../workflows/ports.ts'
import { countryOf } from './countries.ts'
import {
  at,
  dateOf,
  dateOrNull,
  type Field,
  flagOf,
  listOf,
  readingOf,
  nameOf,
  nameOrNull,
  textOrNull,
} from './fields.ts'

/** Codes of the tenant's custom fields of shops. */
export interface ShopFields {
  /** Holds the onboarding link. */
  readonly customFieldCode: string
  /** BOOLEAN; true: the operator wants the shop left alone. */
  readonly ignoredFieldCode: string
}

/** One shop of S20, or set aside with the field that could not be read. */
export function readShop(raw: Json, fields: ShopFields): Reading<Seller> {
  return readingOf(raw, [['shop_id']], root => sellerOf(root, fields))
}

function sellerOf(root: Field, fields: ShopFields): Seller {
  const contact = at(root, 'contact_informations')
  const registered = at(root, 'default_billing_information', 'registration_address')
  const status = nameOrNull(at(root, 'kyc', 'status'))
  const link = customValue(root, fields.customFieldCode)
  return {
    id: nameOf(at(root, 'shop_id')),
    name: textOrNull(at(root, 'shop_name')) ?? '',
    email: textOrNull(at(contact, 'email')),
    country:
      countryOf(textOrNull(at(contact, 'country'))) ??
      countryOf(textOrNull(at(registered, 'country_iso_code'))),
    currency: nameOrNull(at(root, 'currency_iso_code')),
    professional: flagOf(at(root, 'is_professional')),
    website: textOrNull(at(contact, 'web_site')),
    phone: textOrNull(at(contact, 'phone')),
    ignored: flagOf(customValue(root, fields.ignoredFieldCode)),
    linkShown: textOrNull(link),
    paymentBlocked: flagOf(at(root, 'payment_details', 'payment_blocked')),
    kyc: status === null ? null : { status, reason: textOrNull(at(root, 'kyc', 'reason')) },
    updatedAt: dateOrNull(at(root, 'last_updated_date')) ?? dateOf(at(root, 'date_created')),
  }
}

/** Only fields that are set are listed, and even these may come without a value. */
function customValue(root: Field, code: string): Field {
  const list = at(root, 'shop_additional_fields')
  const found = listOf(list).find(field => at(field, 'code').value === code)
  return found === undefined ? { value: undefined, path: list.path } : at(found, 'value')
}
