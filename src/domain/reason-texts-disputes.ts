/** Texts of the reasons of disputes; the table itself is reasons.ts. */

export const disputeReasons = {
  dispute_open: {
    final: false,
    unblockedBy: 'provider',
    retried: false,
    text: {
      en: "The customer's bank has not decided the dispute; the seller's share waits for it.",
      fr: "La banque du client n'a pas tranché le litige ; la part du vendeur en dépend.",
      de: 'Die Bank des Kunden hat über den Zahlungswiderspruch noch nicht entschieden; davon hängt der Anteil des Verkäufers ab.',
    },
    mend: 'Submit evidence before the deadline; it follows the decision by itself.',
  },
  dispute_won: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The dispute was won: the money is back and the seller owes nothing.',
      fr: "Le litige est gagné : l'argent est revenu et le vendeur ne doit rien.",
      de: 'Der Zahlungswiderspruch wurde abgewehrt: das Geld ist zurück, der Verkäufer schuldet nichts.',
    },
    mend: 'Nothing to do.',
  },
} as const
