import { isLoopback } from '../environment-values.ts'
import type { Config } from '../config.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

/** What only the variables say: webhooks, our address, switches, the first day. */
export function checkSetup(config: Config): Finding[] {
  return [
    ...webhooks(config),
    address(config),
    ...firstDay(config),
    ...switches(config),
    ...(config.operatorPassword === null
      ? [
          warn(
            'api token',
            'OPERATOR_PASSWORD is not set: the API and the status page refuse everybody.',
            'Set it to a long random text.',
          ),
        ]
      : []),
  ]
}

const endpoints = [
  {
    check: 'webhook of sellers',
    variable: 'STRIPE_SELLERS_WEBHOOK_SECRET',
    path: '/api/public/webhook/sellers',
    of: 'events of connected accounts',
    secret: (config: Config) => config.stripe?.sellersWebhookSecret ?? null,
  },
  {
    check: 'webhook of the operator',
    variable: 'STRIPE_OPERATOR_WEBHOOK_SECRET',
    path: '/api/public/webhook/operator',
    of: "events of the platform's own account",
    secret: (config: Config) => config.stripe?.operatorWebhookSecret ?? null,
  },
] as const

function webhooks(config: Config): Finding[] {
  const base = config.publicUrl === '' ? 'https://<PUBLIC_URL>' : config.publicUrl
  return endpoints.map(({ check, variable, path, of, secret }) => {
    if (secret(config) !== null)
      return ok(check, `${variable} is set; the endpoint is ${base}${path}.`)
    return fail(
      check,
      `${variable} is not set: ${of} are refused, and are noticed only by polling.`,
      `Add the endpoint ${base}${path} in Stripe (Developers, Webhooks) for ${of}, and write its signing secret (whsec_…) into ${variable}.`,
    )
  })
}

function address({ publicUrl, settings }: Config): Finding {
  const mend = 'Set PUBLIC_URL to the address at which sellers and Stripe reach the server.'
  if (publicUrl === '') {
    const found = 'PUBLIC_URL is not set: no onboarding link can be written into Mirakl.'
    return settings.enable.onboarding
      ? fail('public address', found, mend)
      : warn('public address', found, mend)
  }
  if (isLoopback(new URL(publicUrl))) {
    return warn('public address', `${publicUrl} is reached from this machine only.`, mend)
  }
  return ok('public address', `Links and webhooks begin with ${publicUrl}.`)
}

function firstDay({ mode, startDate }: Config): Finding[] {
  if (startDate !== null)
    return [ok('start date', `Nothing before ${startDate.toISOString()} is moved.`)]
  if (mode !== 'live') return []
  return [
    fail(
      'start date',
      'TRIBUTARY_START_DATE is not set: a live environment moves nothing until it is.',
      'Compare with `run <job> --shadow`, then set it to the day from which Tributary moves the money.',
    ),
  ]
}

function switches({ settings }: Config): Finding[] {
  const { productSplit, serviceSplit, onboarding } = settings.enable
  const off = (variable: string, job: string) =>
    warn('switches', `${variable} is off: ${job} does nothing.`, `Set ${variable} to true.`)
  return [
    ...(productSplit || serviceSplit
      ? []
      : [off('ENABLE_PRODUCT_PAYMENT_SPLIT', 'split-payments')]),
    ...(onboarding ? [] : [off('ENABLE_SELLER_ONBOARDING', 'onboard-sellers')]),
  ]
}
