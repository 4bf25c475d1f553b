import type { FastifyRequest } from 'fastify'

export const languages = ['en', 'fr', 'de'] as const
export type Language = (typeof languages)[number]

/** How one person reads: the language of the texts, and the locale of amounts and dates. */
export interface Reader {
  readonly language: Language
  /** BCP 47, for example de-CH. */
  readonly locale: string
}

/** From `?lang=`, else from Accept-Language, else English. Never throws, whatever is sent. */
export function readerOf(request: FastifyRequest): Reader {
  const { lang } = request.query as { lang?: unknown }
  const preferred = preferredOf(request.headers['accept-language'] ?? '')
  const chosen = languages.find(each => each === lang)
  if (chosen === undefined) return preferred ?? { language: 'en', locale: 'en' }
  return preferred?.language === chosen ? preferred : { language: chosen, locale: chosen }
}

function preferredOf(header: string): Reader | null {
  const wanted = header
    .slice(0, 400)
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const quality = parameters.map(each => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean)
      return { tag, quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((left, right) => right.quality - left.quality)
  for (const { tag } of wanted) {
    const language = languages.find(each => each === tag.toLowerCase().split('-', 1)[0])
    if (language !== undefined) return { language, locale: localeOf(tag) ?? language }
  }
  return null
}

function localeOf(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}
