import { exponentOf, toMinor } from './decimal.ts'
import type { Amount } from './decimal.ts'
import type { AdditionalField, KycStatus, Shop } from './model.ts'
import type { Store } from './store.ts'

/** A shop as the control surface is given it; everything may be left out. */
export interface NewShop {
  /** Mirakl's number; default: the next free one. */
  id?: number
  name?: string
  state?: Shop['state']
  currency?: string
  /** ISO-3166 alpha-3. */
  country?: string
  email?: string
  firstName?: string
  lastName?: string
  phone?: string | null
  webSite?: string | null
  street?: string
  zipCode?: string
  city?: string
  professional?: boolean
  corporateName?: string | null
  registrationNumber?: string | null
  taxNumber?: string | null
  /** `YYYY-MM-DD`, for individuals. */
  birthDate?: string | null
  domains?: ('PRODUCT' | 'SERVICE')[]
  operatorInternalId?: string | null
  payOutPspCode?: string
  kyc?: { status: KycStatus; reason?: string | null }
  paymentBlocked?: boolean
  /** `payment_info` as Mirakl shows it, with `@type`. */
  bank?: Record<string, unknown> | null
  additionalFields?: Record<string, string | string[]>
}

/** Opens a shop and returns its number. Throws on a number in use or an unknown currency. */
export function addShop(store: Store, input: NewShop = {}): number {
  const id = input.id ?? store.nextNumber('shop')
  if (store.shops.has(id)) throw new Error(`Shop ${id} exists`)
  const now = store.now()
  const professional = input.professional ?? true
  const shop: Shop = {
    id,
    name: `Shop ${id}`,
    state: 'OPEN',
    currency: store.settings.defaultCurrency,
    country: 'FRA',
    email: `shop-${id}@seller.example`,
    firstName: 'Claire',
    lastName: `Martin ${id}`,
    civility: 'Mrs',
    phone: professional ? '+33400000000' : null,
    webSite: professional ? `https://shop-${id}.example` : null,
    street: '12 rue des Ateliers',
    zipCode: '69003',
    city: 'Lyon',
    professional,
    corporateName: professional ? `Shop ${id} SAS` : null,
    registrationNumber: professional ? `8001234560${id}` : null,
    taxNumber: professional ? `FR128001${id}` : null,
    birthDate: professional ? null : '1990-04-12',
    domains: ['PRODUCT'],
    operatorInternalId: null,
    payOutPspCode: 'NOT_SPECIFIED',
    kyc: { status: 'PENDING_SUBMISSION', reason: null },
    paymentBlocked: false,
    bank: null,
    additionalFields: [],
    subscription: { amount: 0n, tax: 0n },
    createdAt: now,
    updatedAt: now,
    further: {},
  }
  assign(store, shop, input)
  store.shops.set(id, shop)
  store.changed()
  return id
}

/** Changes a shop as its seller or the operator would in the back office. Throws on an unknown shop. */
export function updateShop(store: Store, shopId: number, input: Omit<NewShop, 'id'>): void {
  assign(store, shopOf(store, shopId), input)
  touchShop(store, shopId)
}

/** The fee of every cycle from now on, in the shop's currency. */
export function setSubscription(
  store: Store,
  shopId: number,
  fee: { amount: Amount; tax?: Amount },
): void {
  const shop = shopOf(store, shopId)
  shop.subscription = {
    amount: toMinor(fee.amount, shop.currency),
    tax: toMinor(fee.tax ?? '0', shop.currency),
  }
}

/** Throws when there is no such shop. */
export function shopOf(store: Store, shopId: number): Shop {
  const shop = store.shops.get(shopId)
  if (shop === undefined) throw new Error(`There is no shop ${shopId}`)
  return shop
}

/** Moves `last_updated_date`. */
export function touchShop(store: Store, shopId: number): void {
  shopOf(store, shopId).updatedAt = store.now()
  store.changed()
}

/** Sets, or with undefined clears, one additional field. Throws on a code that AF01 does not list. */
export function setField(
  store: Store,
  shop: Shop,
  code: string,
  value: string | string[] | undefined,
): void {
  const definition = store.fields.get(code)
  if (definition === undefined) throw new Error(`There is no additional field ${code}`)
  const others = shop.additionalFields.filter(field => field.code !== code)
  const field: AdditionalField[] =
    value === undefined ? [] : [{ code, type: definition.type, value }]
  shop.additionalFields = [...others, ...field]
}

function assign(store: Store, shop: Shop, input: NewShop): void {
  const { kyc, additionalFields, id: _id, ...rest } = input
  if (rest.currency !== undefined) exponentOf(rest.currency)
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  Object.assign(shop, Object.fromEntries(given))
  if (kyc !== undefined) shop.kyc = { status: kyc.status, reason: kyc.reason ?? null }
  for (const [code, value] of Object.entries(additionalFields ?? {})) {
    setField(store, shop, code, value)
  }
}
