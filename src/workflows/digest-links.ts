/** Where the digest's links lead: pages of one environment, in the mail's language. */
export interface DigestPlace {
  /** '' when none is configured: no links then. */
  readonly publicUrl: string
  /** Slug. */
  readonly environment: string
  readonly language: string
}

/** A page that explains one thing, or a section of the status page. */
export type DigestTarget =
  | { readonly explain: 'order' | 'seller' | 'invoice' | 'movement'; readonly id: string }
  | { readonly section: 'expiring' | 'disputes' | 'set-aside' | 'jobs' }

/** '' without a public address. */
export function linkTo(place: DigestPlace, target: DigestTarget): string {
  if (place.publicUrl === '') return ''
  const query = new URLSearchParams({ environment: place.environment, lang: place.language })
  return 'section' in target
    ? `${place.publicUrl}/?${query}#${target.section}`
    : `${place.publicUrl}/explain/${target.explain}/${encodeURIComponent(target.id)}?${query}`
}
