/** Values of Stripe's form encoding; nested objects become `a[b]`. */
export type FormValue = string | number | boolean | { readonly [key: string]: FormValue }

/** An object or an error body of Stripe's, as it was answered. */
export interface StripeAnswer {
  readonly status: number
  readonly body: { readonly [key: string]: unknown }
}

/** Stripe's HTTP API as a shop front would call it, without the SDK. */
export interface StripeApi {
  post(path: string, form: { readonly [key: string]: FormValue }): Promise<StripeAnswer>
  /** Every object of a list, page after page. Throws when Stripe refuses. */
  list(path: string, account?: string): Promise<readonly { readonly [key: string]: unknown }[]>
}

/** @param send how a request reaches the simulator; `key` is any test key that it knows */
export function createStripeApi(send: typeof fetch, base: string, key: string): StripeApi {
  const headers = { authorization: `Bearer ${key}` }
  async function read(response: Response): Promise<StripeAnswer> {
    return { status: response.status, body: (await response.json()) as StripeAnswer['body'] }
  }
  return {
    post: async (path, form) => {
      const body = new URLSearchParams(flat('', form))
      return read(await send(base + path, { method: 'POST', headers, body }))
    },
    async list(path, account) {
      const found: { readonly [key: string]: unknown }[] = []
      const as = account === undefined ? {} : { 'stripe-account': account }
      for (let after = ''; ;) {
        const query = `?limit=100${after === '' ? '' : `&starting_after=${after}`}`
        const answer = await read(
          await send(base + path + query, { headers: { ...headers, ...as } }),
        )
        const page = answer.body['data']
        if (answer.status !== 200 || !Array.isArray(page)) {
          throw new Error(`Stripe refused the list ${path} with ${answer.status}`)
        }
        found.push(...(page as StripeAnswer['body'][]))
        const last: unknown = found.at(-1)?.['id']
        if (answer.body['has_more'] !== true || typeof last !== 'string') return found
        after = last
      }
    },
  }
}

function flat(prefix: string, form: { readonly [key: string]: FormValue }): [string, string][] {
  return Object.entries(form).flatMap(([name, value]): [string, string][] => {
    const full = prefix === '' ? name : `${prefix}[${name}]`
    return typeof value === 'object' ? flat(full, value) : [[full, String(value)]]
  })
}
