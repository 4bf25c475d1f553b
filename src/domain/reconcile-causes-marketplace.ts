/** Causes of differences with the marketplace; the table is reconcile-causes.ts. */

export const marketplaceCauses = {
  debit_confirmation_lost: {
    kind: 'state_differs',
    side: 'marketplace',
    text: {
      en: 'The marketplace was told that the order is paid, and shows it as not debited.',
      fr: 'La place de marché a été informée du paiement et montre la commande comme non débitée.',
      de: 'Dem Marktplatz wurde die Zahlung gemeldet, er zeigt die Bestellung aber als nicht belastet.',
    },
    mend: 'Confirm the debit again at the marketplace; the customer has paid.',
    command: 'tributary explain order {order}',
  },
  refund_confirmation_lost: {
    kind: 'state_differs',
    side: 'marketplace',
    text: {
      en: 'The marketplace was told that the refund is paid, and still waits for it.',
      fr: "La place de marché a été informée du remboursement et l'attend encore.",
      de: 'Dem Marktplatz wurde die Erstattung gemeldet, er wartet aber noch darauf.',
    },
    mend: 'Confirm the refund again at the marketplace; the customer has the money.',
    command: 'tributary explain order {order}',
  },
  refund_missing: {
    kind: 'missing_here',
    side: 'marketplace',
    text: {
      en: 'The marketplace shows a refund as paid that was not paid here.',
      fr: "La place de marché montre comme payé un remboursement qui ne l'a pas été ici.",
      de: 'Der Marktplatz zeigt eine Erstattung als bezahlt, die hier nicht bezahlt wurde.',
    },
    mend: 'Find out who confirmed it; refund the customer if nobody did, and accept it with a note.',
    command: 'tributary explain order {order}',
  },
  refund_returned: {
    kind: 'state_differs',
    side: 'marketplace',
    text: {
      en: "The marketplace shows a refund as paid that the customer's bank sent back.",
      fr: 'La place de marché montre comme payé un remboursement que la banque du client a renvoyé.',
      de: 'Der Marktplatz zeigt eine Erstattung als bezahlt, die die Bank des Kunden zurückgegeben hat.',
    },
    mend: 'Pay the customer in another way, then accept it with a note.',
    command: 'tributary reconcile accept {difference} --note "…"',
  },
  refund_amount_differs: {
    kind: 'amount_differs',
    side: 'marketplace',
    text: {
      en: 'Another amount was refunded than the marketplace asked for.',
      fr: 'Un autre montant a été remboursé que celui demandé par la place de marché.',
      de: 'Es wurde ein anderer Betrag erstattet, als der Marktplatz verlangt hat.',
    },
    mend: 'Compare the journal of the refund; pay what is missing, or note what was too much.',
    command: 'tributary explain movement {movement}',
  },
  cycle_paid_without_payout: {
    kind: 'missing_here',
    side: 'marketplace',
    text: {
      en: 'The marketplace shows a billing cycle as paid, and no payout of it was made here.',
      fr: "La place de marché montre un cycle comme payé, et aucun versement n'a été fait ici.",
      de: 'Der Marktplatz zeigt einen Abrechnungszyklus als bezahlt, hier gab es keine Auszahlung.',
    },
    mend: 'Find out who marked it as paid; if the seller has the money, accept it with a note.',
    command: 'tributary explain invoice {cycle}',
  },
  payout_returned: {
    kind: 'state_differs',
    side: 'marketplace',
    text: {
      en: "The marketplace shows a billing cycle as paid whose payout the seller's bank sent back.",
      fr: 'La place de marché montre comme payé un cycle dont la banque du vendeur a renvoyé le versement.',
      de: 'Der Marktplatz zeigt einen Zyklus als bezahlt, dessen Auszahlung die Bank des Verkäufers zurückgegeben hat.',
    },
    mend: 'The seller corrects the bank account; settle-sellers pays again.',
    command: 'tributary explain invoice {cycle}',
  },
  cycle_confirmation_lost: {
    kind: 'state_differs',
    side: 'marketplace',
    text: {
      en: 'The payout has landed and was told, and the marketplace does not show the cycle as paid.',
      fr: 'Le versement est arrivé et a été signalé, et la place de marché ne montre pas le cycle comme payé.',
      de: 'Die Auszahlung ist angekommen und gemeldet, der Marktplatz zeigt den Zyklus aber nicht als bezahlt.',
    },
    mend: 'Confirm the payment of the cycle again at the marketplace; do not pay it again.',
    command: 'tributary explain invoice {cycle}',
  },
  cycle_amount_differs: {
    kind: 'amount_differs',
    side: 'marketplace',
    text: {
      en: 'The payout of a billing cycle has another amount than the marketplace shows.',
      fr: "Le versement d'un cycle a un autre montant que celui que montre la place de marché.",
      de: 'Die Auszahlung eines Zyklus hat einen anderen Betrag, als der Marktplatz zeigt.',
    },
    mend: 'Compare the cycle with the payout; what was paid is never edited.',
    command: 'tributary explain invoice {cycle}',
  },
} as const
