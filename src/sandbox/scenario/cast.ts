/** How far a seller comes with the onboarding. */
export type Onboarding =
  | { readonly ends: 'ready'; readonly day: number }
  /** Stripe still checks papers on the first day given, and is content on the second. */
  | { readonly ends: 'checked'; readonly day: number; readonly readyOn: number }
  | { readonly ends: 'never' }
  | { readonly ends: 'rejected'; readonly day: number }
  /** The operator pays this shop by other means. */
  | { readonly ends: 'ignored' }
  /** Uses the account of another shop of the same company. */
  | { readonly ends: 'shares'; readonly with: number; readonly day: number }

/** A seller of the scenario: invented, as are all people in it. */
export interface CastShop {
  readonly id: number
  readonly name: string
  readonly country: string
  readonly currency: 'EUR' | 'GBP' | 'JPY' | 'KWD'
  readonly city: string
  readonly firstName: string
  readonly lastName: string
  readonly onboarding: Onboarding
  /** False: sells only what the story wants. */
  readonly soldByChance: boolean
}

const currencies: Readonly<Record<string, CastShop['currency']>> = {
  FRA: 'EUR',
  DEU: 'EUR',
  ITA: 'EUR',
  ESP: 'EUR',
  GBR: 'GBP',
  JPN: 'JPY',
  KWT: 'KWD',
}

// Country, shop, city, seller. The number of a shop is 2001 and its place in this list.
const rows = `
FRA|Atelier Bois-Doré|Lyon|Claire|Delaunay
FRA|Céramiques du Lubéron|Apt|Étienne|Rouvière
FRA|La Maison Crémieux|Paris|Noémie|Crémieux
FRA|Savons d'Aubagne|Aubagne|Aïcha|Benali
FRA|Librairie Œuvre & Fils|Rennes|Loïc|Le Goff
FRA|Vélos Gâtinais|Montargis|Mathieu|Perrin
FRA|Tissages de la Sûre|Colmar|Hélène|Schmitt
FRA|Lumière Boréale|Lille|Zoé|Vandamme
FRA|Thés du Levant|Marseille|Karim|Haddad
FRA|Petits Pas|Nantes|Inès|Guérin
DEU|Holzwerk Müller|Freiburg|Jürgen|Müller
DEU|Töpferei Süß|Weimar|Anneliese|Süß
DEU|Kaffeerösterei Grünwald|Hamburg|Björn|Grünwald
DEU|Fahrradladen Köpenick|Berlin|Sabine|Krüger
DEU|Schöne Bücher|Leipzig|Matthias|Böhm
DEU|Strickstube Allgäu|Kempten|Resi|Hölzl
DEU|Lichtraum|Köln|Yasemin|Öztürk
DEU|Gartenglück|Bremen|Henrik|Voß
GBR|Thistle & Oak|Edinburgh|Fiona|MacLeod
GBR|Brackenbury Ceramics|Stoke-on-Trent|Oliver|Brackenbury
GBR|The Paper Wren|Bath|Imogen|Hartley
GBR|Saltmarsh Candles|Norwich|Theo|Ashdown
GBR|Llanfair Woollens|Llanfair|Siân|Pryce
GBR|Camden Vinyl Exchange|London|Dev|Chowdhury
GBR|Cobble & Crumb|York|Harriet|Wainwright
JPN|京都和紙工房|京都|直子|西村
JPN|鎌倉木工所|鎌倉|健太|小林
JPN|青い鳥文具店|東京|美咲|田中
JPN|南部鉄器 岩崎|盛岡|誠|岩崎
JPN|有田の器|有田|陽子|松尾
JPN|北の羊毛舎|札幌|翔|渡辺
KWT|بيت العود|الكويت|نورة|العتيبي
KWT|تمور الخليج|حولي|يوسف|الصباح
KWT|Dar Al Noor|Salmiya|Maryam|Al-Rashid
KWT|سدو الصحراء|الجهراء|خالد|المطيري
ITA|Bottega Ferrànte|Firenze|Niccolò|Ferrante
ITA|Pelletteria Più|Napoli|Giulia|Esposito
ESP|Cerámica Núñez|Sevilla|Begoña|Núñez
ESP|Taller de la Ñ|Oviedo|Íñigo|Álvarez
FRA|Atelier Bois-Doré Enfants|Lyon|Claire|Delaunay`

/** Shops that the story needs to find again. */
export const firstShop = 2001
export const special = {
  never: [2010, 2025, 2031],
  rejected: 2018,
  ignored: 2039,
  shares: 2040,
  sharedWith: 2001,
  checked: 2014,
  /** Has a subscription and no sale at first: it owes, and two later cycles bring it back. */
  negative: 2038,
  /** Its subscription and a credit of the same amount: its cycle is zero. */
  zero: 2037,
  /** Its bank sends the payout back. */
  bounced: 2011,
  credited: 2002,
  invoiced: 2012,
  /** Sells something whose commission exceeds its price. */
  cheap: 2003,
  /** Has to give a refund back that was paid out already. */
  paidOut: 2013,
  /** Answers so late that the customer's authorisation is about to end. */
  slow: 2009,
} as const

/** Sellers whose balance the story has to know. */
const planned: readonly number[] = [special.negative, special.zero, special.paidOut]

/** The forty sellers. */
export const cast: readonly CastShop[] = rows
  .trim()
  .split('\n')
  .map((row, at) => {
    const [country = '', name = '', city = '', firstName = '', lastName = ''] = row.split('|')
    const id = firstShop + at
    return {
      id,
      name,
      country,
      city,
      firstName,
      lastName,
      currency: currencies[country] ?? 'EUR',
      onboarding: onboardingOf(id),
      soldByChance: !planned.some(shop => shop === id),
    }
  })

function onboardingOf(id: number): Onboarding {
  if (special.never.some(never => never === id)) return { ends: 'never' }
  if (id === special.rejected) return { ends: 'rejected', day: 3 }
  if (id === special.ignored) return { ends: 'ignored' }
  if (id === special.shares) return { ends: 'shares', with: special.sharedWith, day: 2 }
  if (id === special.checked) return { ends: 'checked', day: 1, readyOn: 4 }
  // Most are quick; every seventh needs days.
  return { ends: 'ready', day: id % 7 === 0 ? 3 : id % 5 === 0 ? 2 : 1 }
}

const customers = [
  'Ana|Silva|PRT',
  'Léa|Fontaine|FRA',
  'Maëlle|Guillou|FRA',
  'Søren|Højgaard|DNK',
  'Käthe|Lindner|DEU',
  'Łukasz|Wójcik|POL',
  'Ingrid|Bäckström|SWE',
  'Rhys|Gethin|GBR',
  'Priya|Nair|GBR',
  'Chloë|Adeyemi|GBR',
  '結衣|佐藤|JPN',
  '大輔|高橋|JPN',
  'فاطمة|الكندري|KWT',
  'Omar|Al-Fahad|KWT',
  'José|Muñoz|ESP',
  'Chiara|D’Angelo|ITA',
  'Zsófia|Nagy|HUN',
  'Ümit|Yıldız|DEU',
]

/** A customer by number; numbers beyond the list start over with another id. */
export function customerOf(number: number) {
  const row = customers[number % customers.length] ?? ''
  const [firstName = '', lastName = '', country = 'FRA'] = row.split('|')
  const id = `CUST-${1000 + number}`
  return { id, firstName, lastName, country, email: `customer-${1000 + number}@mail.example` }
}
