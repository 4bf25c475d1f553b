import type { ServedSandbox } from '../../sandbox/serve.ts'

export const operatorSecret = 'whsec_demo_operator'
export const sellersSecret = 'whsec_demo_sellers'

/** Exactly what a person would write into the environment to use the simulators. */
export function variablesOf(
  sandbox: ServedSandbox,
  home: string,
  url: string,
): Record<string, string> {
  return {
    TRIBUTARY_HOME: home,
    PUBLIC_URL: url,
    MIRAKL_HOST_NAME: sandbox.miraklUrl,
    MIRAKL_API_KEY: 'demo-operator-key',
    STRIPE_API_BASE: sandbox.stripeUrl,
    STRIPE_CLIENT_SECRET: 'sk_test_demo',
    STRIPE_OPERATOR_WEBHOOK_SECRET: operatorSecret,
    STRIPE_SELLERS_WEBHOOK_SECRET: sellersSecret,
    // A simulator has no limits to keep to, unless it is told to have them.
    STRIPE_REQUESTS_PER_SECOND: '0',
    ENABLE_SELLER_ONBOARDING: 'true',
    ENABLE_PRODUCT_PAYMENT_SPLIT: 'true',
    ENABLE_PRODUCT_PAYMENT_REFUND: 'true',
    ENABLE_SERVICE_PAYMENT_SPLIT: 'true',
    ENABLE_SERVICE_PAYMENT_REFUND: 'true',
    // Taken back as soon as a payment is disputed; given back when the dispute is won.
    TRIBUTARY_DISPUTES: 'reverse',
    TRIBUTARY_NEGATIVE_CYCLES: 'tributary',
    MAILER_DSN: sandbox.mailbox.dsn,
    TECHNICAL_ALERT_EMAIL: 'payments@market.example',
    TECHNICAL_ALERT_EMAIL_FROM: 'Tributary <tributary@market.example>',
  }
}
