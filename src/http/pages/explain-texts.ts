import type { ExplainedPlan } from '../../workflows/explain-plan.ts'
import type { ExplainedType } from '../../workflows/explain.ts'
import type { Language } from '../language.ts'

/** What the page that explains one thing says beside the words of the status page. */
export interface ExplainTexts {
  readonly types: Readonly<Record<ExplainedType, string>>
  readonly back: string
  readonly facts: string
  readonly actor: string
  /** Of what would be decided now; the name of the job that decides stands behind it. */
  readonly now: string
  readonly decisions: Readonly<Record<ExplainedPlan['decision'], string>>
  readonly check: string
  readonly passed: string
  readonly stops: string
  /** Of what the marketplace was told. */
  readonly told: string
}

export const explainTexts: Readonly<Record<Language, ExplainTexts>> = {
  en: {
    types: { order: 'Order', seller: 'Seller', invoice: 'Invoice', movement: 'Movement' },
    back: 'Status',
    facts: 'Facts',
    actor: 'By',
    now: 'Decided now',
    decisions: {
      move: 'Free to go with the next run of',
      hold: 'On hold; looked at again by the next run of',
      cancel: 'Will not be done; decided by',
      nothing: 'Nothing is owed; decided by',
    },
    check: 'Check',
    passed: 'passed',
    stops: 'stops',
    told: 'Told to the marketplace',
  },
  fr: {
    types: { order: 'Commande', seller: 'Vendeur', invoice: 'Facture', movement: 'Mouvement' },
    back: 'État',
    facts: 'Faits',
    actor: 'Par',
    now: 'Décision actuelle',
    decisions: {
      move: 'Partira au prochain passage de',
      hold: 'En attente ; revu au prochain passage de',
      cancel: 'Ne sera pas fait ; décidé par',
      nothing: 'Rien n’est dû ; décidé par',
    },
    check: 'Contrôle',
    passed: 'passé',
    stops: 'arrête',
    told: 'Dit à la place de marché',
  },
  de: {
    types: {
      order: 'Bestellung',
      seller: 'Verkäufer',
      invoice: 'Abrechnung',
      movement: 'Bewegung',
    },
    back: 'Status',
    facts: 'Fakten',
    actor: 'Von',
    now: 'Heutige Entscheidung',
    decisions: {
      move: 'Geht mit dem nächsten Lauf von',
      hold: 'Angehalten; wieder angesehen vom nächsten Lauf von',
      cancel: 'Wird nicht ausgeführt; entschieden von',
      nothing: 'Nichts ist geschuldet; entschieden von',
    },
    check: 'Prüfung',
    passed: 'bestanden',
    stops: 'hält an',
    told: 'Dem Marktplatz gemeldet',
  },
}
