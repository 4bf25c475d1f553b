import type { Cause, DifferenceKind } from '../../domain/reconcile-causes.ts'
import type { Language } from '../language.ts'

/** What the page of the reconciliation says beside the texts of the causes. */
export interface ReconciliationTexts {
  readonly title: string
  readonly back: string
  readonly never: string
  readonly matches: string
  readonly waiting: (count: string) => string
  readonly accepted: string
  readonly compared: string
  readonly until: string
  readonly unfinished: string
  readonly more: (count: string) => string
  readonly happened: string
  readonly days: (count: string) => string
  readonly here: string
  readonly sides: Readonly<Record<Cause['side'], string>>
  readonly ids: string
  readonly command: string
  readonly kinds: Readonly<Record<DifferenceKind, string>>
}

export const reconciliationTexts: Readonly<Record<Language, ReconciliationTexts>> = {
  en: {
    title: 'Reconciliation',
    back: 'Status',
    never: 'Nothing was compared yet',
    matches: 'Everything matches',
    waiting: count => `Differences: ${count}`,
    accepted: 'Accepted',
    compared: 'Compared',
    until: 'judged up to',
    unfinished: 'A newer comparison is not finished; the next run goes on with it.',
    more: count => `And ${count} more: the CSV has all of them.`,
    happened: 'Happened',
    days: count => `${count} d`,
    here: 'Tributary',
    sides: { provider: 'Provider', marketplace: 'Marketplace', ledger: 'Ledger' },
    ids: 'Ids',
    command: 'Command',
    kinds: {
      missing_here: 'missing here',
      missing_there: 'missing there',
      amount_differs: 'the amounts differ',
      state_differs: 'the states differ',
    },
  },
  fr: {
    title: 'Rapprochement',
    back: 'État',
    never: 'Rien n’a encore été comparé',
    matches: 'Tout concorde',
    waiting: count => `Écarts : ${count}`,
    accepted: 'Acceptés',
    compared: 'Comparé le',
    until: 'jugé jusqu’au',
    unfinished: 'Une comparaison plus récente est inachevée ; le prochain passage la poursuit.',
    more: count => `Et ${count} de plus : le CSV les contient tous.`,
    happened: 'Date',
    days: count => `${count} j`,
    here: 'Tributary',
    sides: { provider: 'Prestataire', marketplace: 'Place de marché', ledger: 'Grand livre' },
    ids: 'Identifiants',
    command: 'Commande',
    kinds: {
      missing_here: 'manque ici',
      missing_there: 'manque là-bas',
      amount_differs: 'les montants diffèrent',
      state_differs: 'les états diffèrent',
    },
  },
  de: {
    title: 'Abgleich',
    back: 'Status',
    never: 'Es wurde noch nichts verglichen',
    matches: 'Alles stimmt überein',
    waiting: count => `Abweichungen: ${count}`,
    accepted: 'Angenommen',
    compared: 'Verglichen',
    until: 'beurteilt bis',
    unfinished: 'Ein neuerer Vergleich ist nicht fertig; der nächste Lauf setzt ihn fort.',
    more: count => `Und ${count} weitere: im CSV stehen alle.`,
    happened: 'Zeitpunkt',
    days: count => `${count} T`,
    here: 'Tributary',
    sides: { provider: 'Zahlungsanbieter', marketplace: 'Marktplatz', ledger: 'Hauptbuch' },
    ids: 'Kennungen',
    command: 'Befehl',
    kinds: {
      missing_here: 'fehlt hier',
      missing_there: 'fehlt dort',
      amount_differs: 'die Beträge weichen ab',
      state_differs: 'die Zustände weichen ab',
    },
  },
}
