import { MarketplaceError } from '../../domain/errors.ts'
import type { CustomField, Marketplace } from '../../workflows/ports.ts'
import type { Config } from '../config.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

const linkTypes = ['LINK', 'STRING', 'TEXTAREA']

export async function checkMirakl(
  config: Config,
  marketplace: Marketplace | null,
): Promise<Finding[]> {
  const { mirakl } = config
  if (mirakl === null || marketplace === null) {
    const mend = 'Write the URL of the tenant into MIRAKL_HOST_NAME and a key into MIRAKL_API_KEY.'
    return [fail('mirakl', 'Mirakl is not configured.', mend)]
  }
  try {
    const version = await marketplace.version()
    const features = await checkFeatures(config, marketplace)
    const fields = await marketplace.customFields()
    return [
      ok('mirakl', `${mirakl.baseUrl} answers and takes the key (version ${version}).`),
      ...features,
      checkLinkField(mirakl.customFieldCode, fields),
      checkIgnoredField(mirakl.ignoredFieldCode, fields),
    ]
  } catch (error) {
    return [refusedBy(error)]
  }
}

function refusedBy(error: unknown): Finding {
  if (error instanceof MarketplaceError) return fail('mirakl', error.message, error.mend)
  return fail('mirakl', String(error), 'Check MIRAKL_HOST_NAME and MIRAKL_API_KEY.')
}

async function checkFeatures(config: Config, marketplace: Marketplace): Promise<Finding[]> {
  const features = await marketplace.features()
  const confirmation = features.paymentConfirmation
    ? ok('mirakl payment confirmation', 'The tenant takes payment confirmations (IV07, SBC07).')
    : warn(
        'mirakl payment confirmation',
        'The tenant takes no payment confirmations: payouts are not told to Mirakl.',
        'Ask Mirakl to switch on payment_confirmation for the tenant.',
      )
  if (features.kyc) return [confirmation, ok('mirakl kyc', 'The tenant takes KYC states of shops.')]
  const found = 'The tenant shows no KYC states of shops: they are not told to Mirakl.'
  const mend =
    'Ask Mirakl to switch on KYC per seller, or set KYC_MIRAKL_SHOP_DISABLE_UPDATE to true.'
  const verdict = config.settings.tellKyc
    ? warn('mirakl kyc', found, mend)
    : ok('mirakl kyc', found)
  return [confirmation, verdict]
}

function checkLinkField(code: string, fields: readonly CustomField[]): Finding {
  const check = 'mirakl link field'
  const field = fields.find(each => each.code === code)
  if (field === undefined) {
    return fail(
      check,
      `Shops have no custom field ${code}: sellers get no onboarding link.`,
      `Create the shop field ${code} of type LINK in Mirakl (Settings, Custom fields), or name another one in MIRAKL_CUSTOM_FIELD_CODE.`,
    )
  }
  if (linkTypes.includes(field.type)) return ok(check, `The shop field ${code} is a ${field.type}.`)
  return fail(
    check,
    `The shop field ${code} is a ${field.type}.`,
    `Make it one of ${linkTypes.join(', ')}, or name another one in MIRAKL_CUSTOM_FIELD_CODE.`,
  )
}

function checkIgnoredField(code: string, fields: readonly CustomField[]): Finding {
  const check = 'mirakl ignored field'
  const field = fields.find(each => each.code === code)
  if (field === undefined) {
    return warn(
      check,
      `Shops have no custom field ${code}: no shop can be kept out.`,
      `Create the shop field ${code} of type BOOLEAN in Mirakl, or name another one in MIRAKL_IGNORED_SHOP_FIELD_CODE.`,
    )
  }
  if (field.type === 'BOOLEAN') return ok(check, `The shop field ${code} is a BOOLEAN.`)
  return fail(
    check,
    `The shop field ${code} is a ${field.type}.`,
    'Make it a BOOLEAN, or name another one in MIRAKL_IGNORED_SHOP_FIELD_CODE.',
  )
}
