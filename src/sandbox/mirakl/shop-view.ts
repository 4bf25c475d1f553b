import type { Shop } from './model.ts'
import { patched, seconds } from './reply.ts'
import { shopBalances } from './shop-balance.ts'
import type { Store } from './store.ts'

/** Keys of S20 that S07's `shop_updated` lacks. */
const onlyListed = [
  'applicable_taxes',
  'billing_info',
  'commission',
  'shipping_types',
  'shipping_zones',
]

/** The shop as S20 lists it. */
export function shopView(store: Store, shop: Shop): unknown {
  return patched(fullView(store, shop), store.corruptions.get(`shop:${shop.id}`))
}

/** The shop as S07 returns it. */
export function updatedShopView(store: Store, shop: Shop): unknown {
  const view = fullView(store, shop)
  for (const key of onlyListed) delete view[key]
  return view
}

function fullView(store: Store, shop: Shop): Record<string, unknown> {
  const { settings } = store
  return {
    ...fixedKeys(shop),
    billing_info: billingView(shop),
    contact_informations: contactView(shop),
    currency_iso_code: shop.currency,
    date_created: seconds(shop.createdAt),
    default_billing_information: defaultBillingView(shop),
    domains: shop.domains,
    is_professional: shop.professional,
    // The key is missing, not null, where the tenant's KYC feature is off (S20).
    ...(settings.kycPerSeller ? { kyc: { reason: shop.kyc.reason, status: shop.kyc.status } } : {}),
    last_updated_date: seconds(shop.updatedAt),
    model: settings.unknownEnums && shop.id % 2 === 0 ? 'COOPERATIVE' : 'MARKETPLACE',
    operator_internal_id: shop.operatorInternalId,
    payment_details: {
      ...shopBalances(store, shop),
      pay_subscription: true,
      payment_blocked: shop.paymentBlocked,
      subscription_free_from: null,
      subscription_free_to: null,
    },
    payment_info: shop.bank,
    pro_details: {
      VAT_number: shop.taxNumber,
      corporate_name: shop.corporateName,
      identification_number: shop.registrationNumber,
      tax_identification_number: shop.taxNumber,
    },
    shipping_country: shop.country,
    shop_additional_fields: shop.additionalFields,
    shop_id: shop.id,
    shop_name: shop.name,
    shop_state: shop.state,
    suspension_type: shop.state === 'SUSPENDED' ? 'MANUAL' : null,
    ...shop.further,
    ...(settings.extraFields ? { sustainability_score: { level: 'B' } } : {}),
  }
}

function contactView(shop: Shop): Record<string, unknown> {
  return {
    city: shop.city,
    civility: shop.civility,
    country: shop.country,
    email: shop.email,
    fax: null,
    firstname: shop.firstName,
    lastname: shop.lastName,
    phone: shop.phone,
    phone_secondary: null,
    state: null,
    street1: shop.street,
    street2: null,
    web_site: shop.webSite,
    zip_code: shop.zipCode,
  }
}

function billingView(shop: Shop): Record<string, unknown> | null {
  if (shop.bank === null) return null
  const text = (key: string): unknown => shop.bank?.[key] ?? null
  return {
    bank_city: text('bank_city'),
    bank_name: text('bank_name'),
    bank_street: text('bank_street'),
    bic: text('bic'),
    iban: text('iban'),
    owner: text('owner'),
    zip_code: text('bank_zip'),
  }
}

function defaultBillingView(shop: Shop): Record<string, unknown> {
  const hex = shop.id.toString(16).padStart(12, '0')
  return {
    id: `3f0d1c52-6a70-4c1b-9a55-${hex}`,
    default_language: 'fr_FR',
    ...(shop.professional
      ? {
          corporate_information: {
            company_registration_name: shop.corporateName,
            company_registration_number: shop.registrationNumber,
          },
          fiscal_information: {
            tax_identification_country: shop.country,
            tax_identification_number: shop.taxNumber,
          },
        }
      : {
          personal_information: {
            civility: shop.civility,
            first_name: shop.firstName,
            last_name: shop.lastName,
            birth_date: shop.birthDate,
            birth_city: null,
            birth_country: null,
          },
        }),
    registration_address: {
      city: shop.city,
      country_iso_code: shop.country,
      state: null,
      street_1: shop.street,
      street_2: null,
      zip_code: shop.zipCode,
    },
  }
}

function fixedKeys(shop: Shop): Record<string, unknown> {
  const feeTypes = ['COMMISSION', 'SUBSCRIPTION', 'ADDITIONAL_FEES']
  return {
    applicable_taxes: [{ code: 'TAXDEFAULT', label: 'Default VAT', fee_types: feeTypes }],
    approval_delay: null,
    approval_rate: null,
    assignees: [],
    banner: null,
    channels: ['INIT'],
    closed_from: null,
    closed_to: null,
    commission: { grid_code: 'DEFAULT', grid_label: 'Default grid', linked_to_default_grid: true },
    description: null,
    evaluations_count: 0,
    free_shipping: false,
    grade: null,
    immunity_date: null,
    logo: null,
    offers_count: 12,
    order_messages_response_delay: null,
    orders_count: 0,
    payment_method_mandatory: false,
    permissions: [],
    premium: false,
    premium_state: 'DEFAULT',
    return_policy: null,
    shipping: { lead_time_to_ship: 2 },
    shipping_types: ['STD'],
    shipping_zones: [shop.country.slice(0, 2)],
    shippings: [],
    specific_billing_informations: [],
    tier: null,
  }
}
