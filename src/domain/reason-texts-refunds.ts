/** Texts of the reasons of refunds and reversals; the table itself is reasons.ts. */

export const refundReasons = {
  refund_withdrawn: {
    final: false,
    unblockedBy: 'marketplace',
    retried: false,
    text: {
      en: 'The marketplace does not ask for this refund any more.',
      fr: 'La place de marché ne demande plus ce remboursement.',
      de: 'Der Marktplatz verlangt diese Erstattung nicht mehr.',
    },
    mend: 'Nothing to do if it was paid by hand; it goes on when Mirakl lists it again (PA12, SPA12).',
  },
  refund_refused: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The refund was refused or taken back: the seller owes nothing for it.',
      fr: 'Le remboursement a été refusé ou repris : le vendeur ne doit rien pour celui-ci.',
      de: 'Die Erstattung wurde abgelehnt oder zurückgenommen: der Verkäufer schuldet dafür nichts.',
    },
    mend: 'Nothing to do here; look at the refund.',
  },
  transfer_net_of_refund: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The transfer was made net of this refund.',
      fr: 'Le virement a été fait net de ce remboursement.',
      de: 'Die Überweisung wurde bereits um diese Erstattung gekürzt.',
    },
    mend: 'Nothing to do.',
  },
  transfer_spent: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'Nothing is left of the transfer: earlier reversals took all of it.',
      fr: 'Il ne reste rien du virement : des annulations précédentes ont tout repris.',
      de: 'Von der Überweisung ist nichts übrig: frühere Rückbuchungen haben alles genommen.',
    },
    mend: 'Settle the rest with the seller, or charge it by a manual invoice in Mirakl.',
  },
  tax_balance_short: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The tax account has too little to give the refunded tax back.',
      fr: 'Le compte de taxes a trop peu pour rendre la taxe remboursée.',
      de: 'Das Steuerkonto hat zu wenig, um die erstattete Steuer zurückzugeben.',
    },
    mend: 'Leave enough in the tax account; the next sales fill it too.',
  },
  waits_for_refund: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: 'The refund has no answer of the provider yet.',
      fr: "Le prestataire n'a pas encore répondu au remboursement.",
      de: 'Der Zahlungsdienst hat auf die Erstattung noch nicht geantwortet.',
    },
    mend: 'It follows the refund by itself.',
  },
  waits_for_transfer: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: "The order's transfer is not finished.",
      fr: "Le virement de la commande n'est pas terminé.",
      de: 'Die Überweisung der Bestellung ist nicht abgeschlossen.',
    },
    mend: 'It follows the transfer by itself.',
  },
} as const
