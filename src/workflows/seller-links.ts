import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The link that stands in a shop's custom field: our own, stable, signed. It names a seller and a
 * version; raising the version revokes every link written before. Each click mints a fresh link of
 * the provider, so nothing that stands in Mirakl ever expires or works only once.
 */
export interface LinkSigner {
  /** The token for a seller's link. */
  sign(environmentId: string, sellerId: string, version: number): string
  /** What a token says, or null when it was not signed by us. */
  read(token: string): { environmentId: string; sellerId: string; version: number } | null
}

/** @param key 32 bytes, derived from TRIBUTARY_SECRET_KEY for this purpose alone. */
export function createLinkSigner(key: Buffer): LinkSigner {
  const mac = (payload: string) =>
    createHmac('sha256', key).update(payload).digest().subarray(0, 18)
  return {
    sign: (environmentId, sellerId, version) => {
      const payload = Buffer.from(JSON.stringify([environmentId, sellerId, version]))
      const text = payload.toString('base64url')
      return `${text}.${mac(text).toString('base64url')}`
    },
    read: token => {
      const [payload, signature, ...rest] = token.split('.')
      if (payload === undefined || signature === undefined || rest.length > 0) return null
      const given = Buffer.from(signature, 'base64url')
      const right = mac(payload)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null
      const read: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
      if (!Array.isArray(read)) return null
      const [environmentId, sellerId, version] = read as unknown[]
      if (typeof environmentId !== 'string' || typeof sellerId !== 'string') return null
      return typeof version === 'number' ? { environmentId, sellerId, version } : null
    },
  }
}

/** The address of a seller's link; '' when no public address is configured. */
export function sellerLinkUrl(publicUrl: string, token: string): string {
  return publicUrl === '' ? '' : `${publicUrl}/onboarding/${token}`
}
