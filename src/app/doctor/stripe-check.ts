import type { StripeProvider } from '../../adapters/stripe/provider.ts'
import type { Config } from '../config.ts'
import { fail, type Finding, ok } from './finding.ts'

export async function checkStripe(
  config: Config,
  provider: StripeProvider | null,
): Promise<Finding[]> {
  const { stripe } = config
  if (stripe === null || provider === null) {
    const mend = 'Write the secret key of the platform into STRIPE_CLIENT_SECRET.'
    return [fail('stripe', 'Stripe is not configured.', mend)]
  }
  const probe = await provider.probe()
  const problems = probe.problems.map(problem => fail('stripe', problem, mendOf(problem)))
  const { accountId, live } = probe
  const account =
    accountId === null || problems.length > 0
      ? []
      : [
          ok(
            'stripe',
            `The key opens ${accountId}${probe.country === null ? '' : ` (${probe.country})`}.`,
          ),
        ]
  const taxes = accountId === null ? [] : await checkTaxAccount(config, provider, accountId)
  return [...problems, ...account, ...checkMode(config, live), ...taxes]
}

/** Only with tax split: may transfers go to the tax account? */
async function checkTaxAccount(
  { settings }: Config,
  provider: StripeProvider,
  platform: string,
): Promise<Finding[]> {
  const { enable, taxAccount } = settings
  if (!enable.taxSplit || taxAccount === null) return []
  const mend =
    'Write the id of an account that is connected to the platform into STRIPE_TAX_ACCOUNT.'
  if (taxAccount === platform)
    return [fail('tax account', `${taxAccount} is the platform itself.`, mend)]
  const account = await provider.account(taxAccount).catch((error: unknown) => String(error))
  if (typeof account === 'string')
    return [fail('tax account', `${taxAccount} could not be read: ${account}.`, mend)]
  if (account.standing === 'lost')
    return [fail('tax account', `The platform has no account ${taxAccount}.`, mend)]
  if (account.standing === 'open' && account.transfersActive)
    return [ok('tax account', `${taxAccount} can receive taxes.`)]
  const why = account.disabledReason === null ? '' : ` (${account.disabledReason})`
  return [
    fail(
      'tax account',
      `${taxAccount} can receive no transfers${why}.`,
      'Complete its form at Stripe until its capability `transfers` is active.',
    ),
  ]
}

function mendOf(problem: string): string {
  if (problem.startsWith('STRIPE_ACCOUNT_ID'))
    return 'Correct STRIPE_ACCOUNT_ID, or use the key of that account.'
  if (/permission|restricted/i.test(problem))
    return 'Give the restricted key the permissions that docs/operating.md lists.'
  return 'Check STRIPE_CLIENT_SECRET (Stripe: Developers, API keys) and, if it is set, STRIPE_API_BASE.'
}

function checkMode({ mode }: Config, live: boolean | null): Finding[] {
  if (live === null || mode === null) return []
  const real = live ? 'live' : 'test'
  if (real === mode) return [ok('stripe mode', `The key is a ${mode} key, as the environment is.`)]
  const found = `The key moves ${real} money in a ${mode} environment.`
  return [fail('stripe mode', found, `Use a key that begins with sk_${mode}_ or rk_${mode}_.`)]
}
