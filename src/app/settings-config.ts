import { defaultSettings, type Settings } from '../domain/settings.ts'
import {
  choiceOf,
  flagOf,
  listOf,
  pageOf,
  refuse,
  textOf,
  urlOf,
  type Variables,
  wholeNumberOf,
} from './environment-values.ts'
import { readLinkCode, readMail } from './mail-config.ts'
import { readAlerts } from './notification-config.ts'
import { readTimeZone } from './place-config.ts'
import { readRetention } from './retention-config.ts'

/** The settings of the environment, as far as variables say them. */
export function readSettings(variables: Variables, publicUrl: string, miraklUrl: string): Settings {
  const back = pageOf(variables, 'REDIRECT_ONBOARDING', 'https://your-shop.example.com/sellers')
  const days = wholeNumberOf(variables, 'TRIBUTARY_EXPIRY_WARN_DAYS', { min: 0, max: 30 })
  const lookDays = wholeNumberOf(variables, 'TRIBUTARY_PAYOUT_LOOK_DAYS', { min: 0, max: 90 })
  const pspCodes = listOf(variables, 'TRIBUTARY_PAY_OUT_PSP_CODES')
  return {
    ...defaultSettings,
    enable: readSwitches(variables),
    taxAccount: textOf(variables, 'STRIPE_TAX_ACCOUNT') ?? null,
    taxOnShipping: flagOf(variables, 'TRIBUTARY_TAX_SPLIT_SHIPPING', false),
    prefillOnboarding: flagOf(variables, 'STRIPE_PREFILL_ONBOARDING', false),
    onboardingReturnUrl: back?.href ?? ownShopPage(miraklUrl),
    publicUrl,
    tellKyc: !flagOf(variables, 'KYC_MIRAKL_SHOP_DISABLE_UPDATE', false),
    linkCode: readLinkCode(variables, readMail(variables)),
    nearExpiry: choiceOf(variables, 'TRIBUTARY_NEAR_EXPIRY', ['wait', 'capture_confirmed'], 'wait'),
    expiryWarnSeconds: (days ?? 2) * 24 * 3600,
    oldMoneyWarnDays:
      wholeNumberOf(variables, 'TRIBUTARY_OLD_MONEY_WARN_DAYS', { min: 1, max: 89 }) ??
      defaultSettings.oldMoneyWarnDays,
    settlementFeed: choiceOf(
      variables,
      'TRIBUTARY_SETTLEMENT_FEED',
      ['invoices', 'billing_cycles'],
      'invoices',
    ),
    negativeCycles: choiceOf(
      variables,
      'TRIBUTARY_NEGATIVE_CYCLES',
      ['ask', 'marketplace', 'tributary'],
      'ask',
    ),
    debtCapPercent: wholeNumberOf(variables, 'TRIBUTARY_DEBT_CAP', { min: 0, max: 100 }) ?? 100,
    disputes: choiceOf(variables, 'TRIBUTARY_DISPUTES', ['hold', 'reverse'], 'hold'),
    ourPspCodes: pspCodes.length > 0 ? pspCodes : defaultSettings.ourPspCodes,
    invoiceFailureReason: readFailureReason(variables),
    payoutLookDays: lookDays ?? defaultSettings.payoutLookDays,
    tellServiceDebits: flagOf(variables, 'TRIBUTARY_TELL_SERVICE_DEBITS', true),
    tellBounced: flagOf(variables, 'TRIBUTARY_TELL_BOUNCED_PAYOUTS', true),
    ...readAlerts(variables),
    timeZone: readTimeZone(variables),
    retention: readRetention(variables),
  }
}

function readFailureReason(variables: Variables): Settings['invoiceFailureReason'] {
  const name = 'TRIBUTARY_INVOICE_FAILURE_REASON'
  if (textOf(variables, name) === undefined) return null
  const reasons = ['INCOMPLETE_KYC', 'AWAITING_INVOICE_CHECK'] as const
  return choiceOf(variables, name, reasons, 'INCOMPLETE_KYC')
}

function ownShopPage(miraklUrl: string): string {
  return miraklUrl === '' ? '' : `${miraklUrl}/mmp/shop/account/shop`
}

function readSwitches(variables: Variables): Settings['enable'] {
  return {
    onboarding: flagOf(variables, 'ENABLE_SELLER_ONBOARDING', true),
    productSplit: switchOf(
      variables,
      'ENABLE_PRODUCT_PAYMENT_SPLIT',
      'ENABLES_AUTOMATIC_TRANSFER_CREATION',
    ),
    productRefund: switchOf(
      variables,
      'ENABLE_PRODUCT_PAYMENT_REFUND',
      'ENABLES_AUTOMATIC_REFUND_CREATION',
    ),
    serviceSplit: flagOf(variables, 'ENABLE_SERVICE_PAYMENT_SPLIT', false),
    serviceRefund: flagOf(variables, 'ENABLE_SERVICE_PAYMENT_REFUND', false),
    taxSplit: readTaxSplit(variables),
  }
}

/** A switch that the old connector once knew under another name. */
function switchOf(variables: Variables, name: string, oldName: string): boolean {
  const old = flagOf(variables, oldName, false)
  const own = textOf(variables, name)
  if (own === undefined) return old
  const wanted = flagOf(variables, name, false)
  if (textOf(variables, oldName) !== undefined && old !== wanted) {
    return refuse(oldName, `differs from ${name}`, `remove ${oldName}, it is the old name`)
  }
  return wanted
}

function readTaxSplit(variables: Variables): boolean {
  const account = textOf(variables, 'STRIPE_TAX_ACCOUNT')
  if (account !== undefined && !/^acct_\w+$/.test(account)) {
    return refuse('STRIPE_TAX_ACCOUNT', `is "${account}"`, 'write the id of an account, acct_…')
  }
  const on = flagOf(variables, 'ENABLE_PAYMENT_TAX_SPLIT', false)
  if (on && account === undefined) {
    return refuse(
      'STRIPE_TAX_ACCOUNT',
      'is missing, and ENABLE_PAYMENT_TAX_SPLIT is on',
      'write the id of the account that receives taxes, acct_…',
    )
  }
  if (on && account === textOf(variables, 'STRIPE_ACCOUNT_ID')) {
    return refuse('STRIPE_TAX_ACCOUNT', 'is the platform itself', 'write the id of another account')
  }
  return on
}

/** Variables that take effect later are checked now: a wrong one must not wait for its day. */
export function checkLater(variables: Variables): void {
  urlOf(variables, 'HIPAY_BASE_URL', 'https://merchant.hipaywallet.com')
}
