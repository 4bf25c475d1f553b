import { currencies } from './decimal.ts'
import { json } from './reply.ts'
import type { Route } from './router.ts'
import type { Store } from './store.ts'

/** V01, PC01, CUR01 and OR75. */
export function platformRoutes(store: Store): Route[] {
  return [
    {
      code: 'V01',
      method: 'GET',
      path: '/api/version',
      answer: () => json({ version: '3.210' }),
    },
    {
      code: 'PC01',
      method: 'GET',
      path: '/api/platform/configuration',
      answer: () => json(configuration(store)),
    },
    {
      code: 'CUR01',
      method: 'GET',
      path: '/api/currencies',
      answer: () =>
        json({
          currencies: Object.entries(currencies).map(([code, { label }]) => ({
            code,
            label,
            platform_default: code === store.settings.defaultCurrency,
          })),
        }),
    },
    {
      code: 'OR75',
      method: 'GET',
      path: '/api/orders/taxes',
      answer: () => json({ taxes: [{ code: 'VAT20', label: 'VAT 20 %' }] }),
    },
  ]
}

function configuration({ settings }: Store): unknown {
  return {
    platform_name: 'Sandbox Marketplace',
    tenant_name: 'sandbox',
    timezone: 'UTC',
    features: {
      order_tax_mode: 'TAX_INCLUDED',
      multi_currency: true,
      kyc_status_per_seller: settings.kycPerSeller,
      payment_confirmation: settings.paymentConfirmation,
      multi_payout_psp_per_seller: false,
      order_workflows: {
        pay_on_acceptance: true,
        pay_on_delivery: true,
        pay_on_due_date: true,
        pay_on_shipment: true,
      },
    },
    modules: { services: true },
    platform_configuration: {
      enhanced_seller_invoicing: { enabled: settings.enhancedSellerInvoicing },
    },
  }
}
