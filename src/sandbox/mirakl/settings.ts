/** Switches of the simulated tenant. Every one can be changed while it runs. */
export interface MiraklSettings {
  /** Currency that requests may leave out. */
  defaultCurrency: string
  /** PC01 `features.kyc_status_per_seller`; off: shops carry no `kyc` key. */
  kycPerSeller: boolean
  /** PC01 `features.payment_confirmation`; off: IV07 and SBC07 answer 400. */
  paymentConfirmation: boolean
  /** PC01 `platform_configuration.enhanced_seller_invoicing.enabled`. */
  enhancedSellerInvoicing: boolean
  /** Shape of PA11/PA12 with nothing to list; both exist: `{order: []}` or `{}`. */
  emptyListVariant: 'empty_array' | 'no_key'
  /** PA01, PA02, SPA01, SPA02, IV07 and SBC07 refuse an amount other than the expected one. */
  wrongAmountRefused: boolean
  /** The debit is emitted as soon as the order calls for it; off: `emitDebit`. */
  automaticDebit: boolean
  /** A refund is asked for payment as soon as it is opened; off: `emitRefund`. */
  automaticRefund: boolean
  /** Adds an unknown key to objects of the answers. */
  extraFields: boolean
  /** Uses enum values that no documentation knows where they do not change the meaning. */
  unknownEnums: boolean
  /** Rate limits of the documentation. */
  strictLimits: boolean
  /** Mirakl subtracts a margin from `start_update_date` (seconds). */
  updateSafetySeconds: number
  /** Writes `total_other_credits_*` negative and `total_other_invoices_*` positive, as some tenants do. */
  reversedManualSigns: boolean
  /** The operator pays the taxes of sales itself: cycles keep them from the seller (`OPERATOR_REMITTED_…`). */
  operatorRemitsTaxes: boolean
  /** Token of the ORDER webhook and address; empty: no webhook. */
  webhookUrl: string
  webhookAuthorization: string
  /** Addresses of the customer debit and refund connectors; empty: none. */
  debitPushUrl: string
  refundPushUrl: string
}

/** The tenant as it starts: everything lawful on, everything surprising off. */
export const defaultSettings: MiraklSettings = {
  defaultCurrency: 'EUR',
  kycPerSeller: true,
  paymentConfirmation: true,
  enhancedSellerInvoicing: false,
  emptyListVariant: 'empty_array',
  wrongAmountRefused: true,
  automaticDebit: true,
  automaticRefund: true,
  extraFields: false,
  unknownEnums: false,
  strictLimits: false,
  updateSafetySeconds: 0,
  reversedManualSigns: false,
  operatorRemitsTaxes: false,
  webhookUrl: '',
  webhookAuthorization: '',
  debitPushUrl: '',
  refundPushUrl: '',
}
