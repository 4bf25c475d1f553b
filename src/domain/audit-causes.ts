/** A sentence in each language. */
export interface CauseText {
  readonly en: string
  readonly fr: string
  readonly de: string
}

/** Why what was moved most likely differs from what was owed; the first that fits is named. */
export const auditCauses = {
  moved_though_ended: {
    en: 'The order was refused, canceled or never paid, or somebody else pays it out, and money was moved for it.',
    fr: "La commande a été refusée, annulée ou jamais payée, ou un tiers la règle, et de l'argent a été déplacé pour elle.",
    de: 'Die Bestellung wurde abgelehnt, storniert oder nie bezahlt, oder jemand anderes zahlt sie aus, und doch wurde Geld für sie bewegt.',
  },
  moved_by_hand: {
    en: 'Somebody moved money for it by hand at the provider.',
    fr: "Quelqu'un a déplacé de l'argent pour elle à la main chez le prestataire.",
    de: 'Jemand hat beim Zahlungsdienst von Hand Geld dafür bewegt.',
  },
  moved_twice: {
    en: 'The same amount was moved more than once.',
    fr: 'Le même montant a été déplacé plus d’une fois.',
    de: 'Derselbe Betrag wurde mehr als einmal bewegt.',
  },
  taken_back: {
    en: 'The provider took back what it had called done, and it was not paid again.',
    fr: "Le prestataire a repris ce qu'il avait déclaré fait, et cela n'a pas été repayé.",
    de: 'Der Zahlungsdienst hat zurückgeholt, was er erledigt genannt hatte, und es wurde nicht neu gezahlt.',
  },
  canceled_by_operator: {
    en: 'An operator gave a movement of it up.',
    fr: "Un opérateur a renoncé à l'un de ses mouvements.",
    de: 'Ein Betreiber hat eine ihrer Bewegungen aufgegeben.',
  },
  transfer_spent: {
    en: 'Nothing was left of the transfer to take back.',
    fr: 'Il ne restait rien du virement à reprendre.',
    de: 'Von der Überweisung war nichts mehr übrig, das zurückzuholen wäre.',
  },
  refund_not_taken_back: {
    en: 'A refund reached the customer, and its part was not taken back.',
    fr: "Un remboursement est parvenu au client, et sa part n'a pas été reprise.",
    de: 'Eine Rückzahlung ging an den Kunden, und ihr Anteil wurde nicht zurückgeholt.',
  },
  reversal_differs: {
    en: 'What was taken back for a refund is not what that refund costs.',
    fr: "Ce qui a été repris pour un remboursement n'est pas ce qu'il coûte.",
    de: 'Für eine Rückzahlung wurde nicht das zurückgeholt, was sie kostet.',
  },
  commission_differs: {
    en: 'It was moved with another commission than the order has.',
    fr: 'Le mouvement a été fait avec une autre commission que celle de la commande.',
    de: 'Es wurde mit einer anderen Provision bewegt, als die Bestellung hat.',
  },
  tax_differs: {
    en: 'It was moved with other taxes than the order has, or with taxes that are kept apart.',
    fr: 'Le mouvement a été fait avec d’autres taxes que celles de la commande, ou avec des taxes mises à part.',
    de: 'Es wurde mit anderen Steuern bewegt, als die Bestellung hat, oder mit solchen, die abgetrennt werden.',
  },
  share_differs: {
    en: 'The order has other amounts than when it was split.',
    fr: "La commande a d'autres montants que lors de sa répartition.",
    de: 'Die Bestellung hat andere Beträge als bei ihrer Aufteilung.',
  },
  amount_differs: {
    en: 'What was moved is not what follows from the figures that it was decided by.',
    fr: 'Ce qui a été déplacé ne découle pas des chiffres de la décision.',
    de: 'Was bewegt wurde, folgt nicht aus den Zahlen, nach denen entschieden wurde.',
  },
  not_moved: {
    en: 'Nothing was ever written for it, and nothing waits.',
    fr: "Rien n'a jamais été écrit pour cela, et rien n'attend.",
    de: 'Dafür wurde nie etwas geschrieben, und nichts wartet.',
  },
  unknown: {
    en: 'The stored rows do not say why.',
    fr: 'Les lignes enregistrées ne disent pas pourquoi.',
    de: 'Die gespeicherten Zeilen sagen nicht, warum.',
  },
} satisfies Record<string, CauseText>

export type AuditCause = keyof typeof auditCauses
