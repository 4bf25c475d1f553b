import fc from 'fast-check'

/**
 * Changes of valid JSON as the outside might get it wrong. The answers of the simulators are changed,
 * so that everything else keeps the real shapes.
 */

/** One change: at which place (counted through the document, around its end), and what is done there. */
export interface Change {
  readonly place: number
  readonly oddity: Oddity
}

type Oddity =
  | { readonly do: 'remove' }
  /** What stands there instead: a place in `oddTexts`. */
  | { readonly do: 'write'; readonly odd: number }
  /** The key stands twice; this is the last of the two. */
  | { readonly do: 'repeat'; readonly odd: number }

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

/** JSON texts of values that nobody expects. */
const oddTexts = [
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '0',
  '-0',
  '-1',
  '1.5',
  '0.1e-2',
  '1e400',
  '-1e400',
  '9007199254740993',
  '99999999999999999999999999',
  '253402300800',
  '8640000000001',
  '"NaN"',
  '"Infinity"',
  '"1e400"',
  '"-0"',
  '"12,50"',
  '"0x1F"',
  '"2026-13-45T99:99:99Z"',
  '"0000-00-00"',
  '"275761-01-01T00:00:00Z"',
  '"a\\u0000b"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\u202e\\ufeff"',
  '"<script>alert(1)</script>"',
  '"\'; drop table movements; --"',
  '"__proto__"',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"$n":"1e9"}',
  '{"$d":"never"}',
  '{"toString":1,"length":-1}',
  JSON.stringify('x'.repeat(300)),
  JSON.stringify('x'.repeat(20_000)),
  JSON.stringify('\u{1f600}'.repeat(3_000)),
  `"${'7'.repeat(3000)}"`,
  '7'.repeat(3000),
  nested(150),
  nested(20_000),
] as const

const odd = fc.nat({ max: oddTexts.length - 1 })
const oddity: fc.Arbitrary<Oddity> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Oddity>({ do: 'remove' }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('write' as const), odd }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), odd }) },
)

/** One to three changes. */
export const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({ place: fc.nat({ max: 9_999 }), oddity }),
  { minLength: 1, maxLength: 3 },
)

interface Place {
  readonly parent: Record<string, unknown>
  readonly key: string
}

/** Every place of a document, outer ones first; the document itself is none. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const parent = value as Record<string, unknown>
  const own = Object.keys(parent).map(key => ({ parent, key }))
  return [...own, ...Object.values(parent).flatMap(placesOf)]
}

/** The document, changed, as JSON text. */
export function changed(document: unknown, list: readonly Change[]): string {
  const copy: unknown = structuredClone(document)
  const texts = new Map<string, string>()
  for (const { place, oddity: change } of list) {
    const places = placesOf(copy)
    const found = places[place % Math.max(1, places.length)]
    if (found === undefined) continue
    const { parent, key } = found
    if (change.do === 'remove') {
      if (Array.isArray(parent)) parent.splice(Number(key), 1)
      else delete parent[key]
      continue
    }
    const mark = `odd-${texts.size}-text`
    const twice = change.do === 'repeat' && !Array.isArray(parent)
    const before = twice ? `${JSON.stringify(parent[key]) ?? 'null'},${JSON.stringify(key)}:` : ''
    texts.set(JSON.stringify(mark), before + (oddTexts[change.odd] ?? 'null'))
    parent[key] = mark
  }
  let text = JSON.stringify(copy)
  // In turn: what an earlier change wrote may hold the mark of none.
  for (const [mark, odd] of texts) text = text.replace(mark, () => odd)
  return text
}
