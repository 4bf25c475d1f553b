/** Texts of the reasons of disputes and debts; the table itself is reasons.ts. */

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
  payment_disputed: {
    final: false,
    unblockedBy: 'provider',
    retried: false,
    text: {
      en: "The customer's bank has taken the payment back and has not decided the dispute.",
      fr: "La banque du client a repris le paiement et n'a pas tranché le litige.",
      de: 'Die Bank des Kunden hat die Zahlung zurückgeholt und über den Widerspruch noch nicht entschieden.',
    },
    mend: 'Submit evidence before the deadline; the transfer follows the decision by itself.',
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
  dispute_lost: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: "The dispute was lost: the customer's bank keeps the money and the seller bears the share.",
      fr: "Le litige est perdu : la banque du client garde l'argent et le vendeur supporte sa part.",
      de: 'Der Zahlungswiderspruch ging verloren: die Bank des Kunden behält das Geld, der Verkäufer trägt seinen Anteil.',
    },
    mend: 'Later payouts set the debt off; an operator can write it off (`tributary debts`).',
  },
  became_debt: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The seller could not bear it; it is a debt that later payouts are set off against.',
      fr: "Le vendeur n'a pas pu le supporter ; c'est une dette, compensée avec les versements suivants.",
      de: 'Der Verkäufer konnte es nicht tragen; es ist eine Schuld, die mit späteren Auszahlungen verrechnet wird.',
    },
    mend: 'Later payouts set it off; an operator can write it off (`tributary debts`).',
  },
  set_off_wholly: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'Nothing is left to pay out: the whole cycle was set off against what the seller owes.',
      fr: 'Il ne reste rien à verser : tout le cycle a été compensé avec ce que le vendeur doit.',
      de: 'Es bleibt nichts auszuzahlen: die ganze Abrechnung wurde mit dem verrechnet, was der Verkäufer schuldet.',
    },
    mend: 'Nothing to do; `tributary sellers statement` shows what was set off.',
  },
} as const
