import { json, Refusal } from './reply.ts'
import type { Store } from './store.ts'

/** Credentials the tenant accepts; with none at all every non-empty Authorization header is good. */
export interface Credentials {
  /** Sent raw, without a scheme word. */
  apiKey?: string
  bearerToken?: string
  oauth?: { clientId: string; clientSecret: string }
}

export interface Gate {
  /** The caller's name for rate limits. Throws Refusal (401). */
  admit(request: Request): string
  /** `POST /oauth/token` with client credentials. */
  issueToken(request: Request): Promise<Response>
}

/** Seconds that a token lives; Mirakl's are a second short of an hour. */
const TOKEN_SECONDS = 3599

/** Checks the three forms (raw key, token, OAuth); tokens end on the virtual clock. */
export function createGate(store: Store, credentials: Credentials): Gate {
  const tokens = new Map<string, number>()
  const { apiKey, bearerToken, oauth } = credentials
  const open = apiKey === undefined && bearerToken === undefined && oauth === undefined
  return {
    admit(request) {
      const header = request.headers.get('authorization') ?? ''
      if (header === '') throw new Refusal(401, 'Unauthorized')
      if (open || header === apiKey) return header
      const token = header.startsWith('Bearer ') ? header.slice('Bearer '.length) : undefined
      const known =
        token !== undefined && (token === bearerToken || (tokens.get(token) ?? 0) > store.now())
      if (!known) throw new Refusal(401, 'Unauthorized')
      return token
    },
    async issueToken(request) {
      const form = new URLSearchParams(await request.text())
      if (form.get('grant_type') !== 'client_credentials') {
        return json({ error: 'unsupported_grant_type' }, 400)
      }
      const good =
        oauth !== undefined &&
        form.get('client_id') === oauth.clientId &&
        form.get('client_secret') === oauth.clientSecret
      if (!good) return json({ error: 'invalid_client' }, 401)
      const token = store.uuid()
      tokens.set(token, store.now() + TOKEN_SECONDS * 1000)
      return json({ token_type: 'Bearer', access_token: token, expires_in: TOKEN_SECONDS })
    },
  }
}
