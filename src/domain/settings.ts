import type { NearExpiry } from './plan-capture.ts'
import type { DisputeSetting } from './plan-dispute.ts'
import type { Order } from './order.ts'
import { defaultRetention, type Retention } from './retention.ts'
import type { Restore } from './restore.ts'
import type { NegativeCycles } from './plan-settlement.ts'
import type { Cycle } from './settlement.ts'

/** What an operator can set for one environment. Stored as JSON; `defaultSettings` fills gaps. */
export interface Settings {
  /** The ENABLE_ flags of the old connector; each gates what it gated there, nothing else. */
  readonly enable: {
    readonly onboarding: boolean
    readonly productSplit: boolean
    readonly productRefund: boolean
    readonly serviceSplit: boolean
    readonly serviceRefund: boolean
    readonly taxSplit: boolean
  }
  /** The provider's account that receives taxes when they are split off; null: none. */
  readonly taxAccount: string | null
  /** Are taxes on shipping split off too? */
  readonly taxOnShipping: boolean
  /** Give the provider what the marketplace knows about a new seller. */
  readonly prefillOnboarding: boolean
  /** Where a seller lands after onboarding. */
  readonly onboardingReturnUrl: string
  /** Base of our own links, for example https://pay.example.com; no slash at its end. */
  readonly publicUrl: string
  /** Are KYC states written to the marketplace? */
  readonly tellKyc: boolean
  /** Is a code sent by mail before a seller's link opens? */
  readonly linkCode: boolean
  readonly nearExpiry: NearExpiry
  /** Seconds before its end from which an authorisation is warned about. */
  readonly expiryWarnSeconds: number
  /** Days after which money that is not paid out is warned about, where the provider holds it 90. */
  readonly oldMoneyWarnDays: number
  readonly settlementFeed: Cycle['feed']
  readonly negativeCycles: NegativeCycles
  /** Percent of a cycle that debts may take of its payout, 0 to 100. */
  readonly debtCapPercent: number
  /** When a seller's share of a disputed payment is taken back. */
  readonly disputes: DisputeSetting
  /**
   * `pay_out_psp_code` values that mean this provider, beside NOT_SPECIFIED. OPERATOR is one of
   * them: it says that the operator pays with means of its own, and Tributary is that means.
   */
  readonly ourPspCodes: readonly string[]
  /** IV07 cannot say FAILED without one of its two reasons; null: the cycle is left pending. */
  readonly invoiceFailureReason: 'INCOMPLETE_KYC' | 'AWAITING_INVOICE_CHECK' | null
  /** Days in which a payout that was called done is still asked about; 0: never. */
  readonly payoutLookDays: number
  /** Are service debits told (SPA01)? False: the shop front tells them itself. */
  readonly tellServiceDebits: boolean
  /** Are bounced payouts told to the marketplace at all? */
  readonly tellBounced: boolean
  /** Is the operator's URL told? False: nothing is written for it. */
  readonly notifies: boolean
  /** Who gets the digest and the alerts; null: nobody. */
  readonly alertEmail: string | null
  readonly mailOnEndpointDown: boolean
  /** Seconds between two mails about an operator's URL that does not answer. */
  readonly endpointDownCooldownSeconds: number
  /** Of the mails to the operator. */
  readonly language: 'en' | 'fr' | 'de'
  /** IANA name: days and times in those mails. */
  readonly timeZone: string
  /** How long payloads that may tell of a person are kept. */
  readonly retention: Retention
}

export const defaultSettings: Settings = {
  enable: {
    onboarding: true,
    productSplit: false,
    productRefund: false,
    serviceSplit: false,
    serviceRefund: false,
    taxSplit: false,
  },
  taxAccount: null,
  taxOnShipping: false,
  prefillOnboarding: false,
  onboardingReturnUrl: '',
  publicUrl: '',
  tellKyc: true,
  linkCode: false,
  nearExpiry: 'wait',
  expiryWarnSeconds: 2 * 24 * 3600,
  oldMoneyWarnDays: 80,
  settlementFeed: 'invoices',
  negativeCycles: 'ask',
  debtCapPercent: 100,
  disputes: 'hold',
  ourPspCodes: ['OPERATOR'],
  invoiceFailureReason: null,
  payoutLookDays: 10,
  tellServiceDebits: true,
  tellBounced: true,
  notifies: false,
  alertEmail: null,
  mailOnEndpointDown: true,
  endpointDownCooldownSeconds: 600,
  language: 'en',
  timeZone: 'UTC',
  retention: defaultRetention,
}

/**
 * The domains whose orders are read. A marketplace without services answers nothing under their
 * paths, so they are read once one of their switches is on; until then a service counts as goods
 * that no order names.
 */
export function domainsRead({ enable }: Pick<Settings, 'enable'>): readonly Order['domain'][] {
  return enable.serviceSplit || enable.serviceRefund ? ['product', 'service'] : ['product']
}

/** One marketplace in one mode: every stored row belongs to one environment. */
export interface Environment {
  readonly id: string
  readonly companyId: string
  readonly slug: string
  readonly mode: 'test' | 'live'
  readonly settings: Settings
  /** Nothing older is moved; a live environment moves nothing until it is set. */
  readonly startDate: Date | null
  readonly paused: boolean
  /** Null or absent: its database was never restored from a backup. */
  readonly restore?: Restore | null
}

/** Why nothing of this age may be moved in this environment; null: it may. */
export function barredBy(
  environment: Pick<Environment, 'mode' | 'startDate'>,
  createdAt: Date,
): 'no_start_date' | 'before_start_date' | null {
  if (environment.startDate === null) return environment.mode === 'live' ? 'no_start_date' : null
  return createdAt < environment.startDate ? 'before_start_date' : null
}
