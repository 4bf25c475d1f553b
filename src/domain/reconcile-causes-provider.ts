/** Causes of differences with the provider's books and the ledger; the table is reconcile-causes.ts. */

export const providerCauses = {
  movement_unknown: {
    kind: 'missing_here',
    side: 'provider',
    text: {
      en: "The provider's books show money that moved, and no movement here explains it.",
      fr: "Les livres du prestataire montrent de l'argent déplacé qu'aucun mouvement n'explique ici.",
      de: 'Die Bücher des Zahlungsanbieters zeigen bewegtes Geld, das hier keine Bewegung erklärt.',
    },
    mend: 'Look the object up in the dashboard; read the books of that day again, or restore what was lost here.',
    command: 'tributary run read-books --since {day}',
  },
  return_unknown: {
    kind: 'missing_here',
    side: 'provider',
    text: {
      en: 'The provider took back what counts as done here.',
      fr: 'Le prestataire a repris ce qui est tenu ici pour fait.',
      de: 'Der Zahlungsanbieter hat zurückgenommen, was hier als erledigt gilt.',
    },
    mend: 'Read the books of that day again: the return is booked and what follows from it is done.',
    command: 'tributary run read-books --since {day}',
  },
  payment_unknown: {
    kind: 'missing_here',
    side: 'provider',
    text: {
      en: 'A payment was captured at the provider and is not known here.',
      fr: 'Un paiement a été encaissé chez le prestataire et est inconnu ici.',
      de: 'Eine Zahlung wurde beim Zahlungsanbieter eingezogen und ist hier unbekannt.',
    },
    mend: 'Read the payments again from that day; give the payment its purchase if it has none.',
    command: 'tributary run validate-payments --since {day}',
  },
  dispute_unknown: {
    kind: 'missing_here',
    side: 'provider',
    text: {
      en: 'A dispute took or gave back money at the provider and is not booked here.',
      fr: "Un litige a pris ou rendu de l'argent chez le prestataire et n'est pas comptabilisé ici.",
      de: 'Ein Zahlungswiderspruch hat beim Zahlungsanbieter Geld bewegt und ist hier nicht gebucht.',
    },
    mend: 'The next run of refund-payments reads disputes; look it up if it stays.',
    command: 'tributary run refund-payments',
  },
  not_imported: {
    kind: 'missing_here',
    side: 'provider',
    text: {
      en: 'The old connector moved it, and it was not imported.',
      fr: "L'ancien connecteur l'a déplacé et il n'a pas été importé.",
      de: 'Der alte Konnektor hat es bewegt, und es wurde nicht übernommen.',
    },
    mend: 'Stop the old connector and import again; what is there already stays as it is.',
    command: 'tributary import stripe-mirakl-connector',
  },
  fee_not_booked: {
    kind: 'missing_here',
    side: 'provider',
    text: {
      en: 'The provider kept fees that are not booked here.',
      fr: 'Le prestataire a retenu des frais qui ne sont pas comptabilisés ici.',
      de: 'Der Zahlungsanbieter hat Gebühren einbehalten, die hier nicht gebucht sind.',
    },
    mend: 'Read the books of that day again: a day that is over is booked.',
    command: 'tributary run read-books --since {day}',
  },
  moved_by_hand: {
    kind: 'missing_here',
    side: 'provider',
    text: {
      en: 'It was moved by hand or by the provider itself; neither the marketplace nor Tributary asked for it.',
      fr: "Déplacé à la main ou par le prestataire lui-même ; ni la place de marché ni Tributary ne l'ont demandé.",
      de: 'Von Hand oder vom Zahlungsanbieter selbst bewegt; weder der Marktplatz noch Tributary haben es verlangt.',
    },
    mend: 'If it was meant, accept it with a note; else take it back at the provider.',
    command: 'tributary reconcile accept {difference} --note "…"',
  },
  moved_twice: {
    kind: 'missing_here',
    side: 'provider',
    text: {
      en: 'The same amount moved a second time at the provider.',
      fr: 'Le même montant a été déplacé une seconde fois chez le prestataire.',
      de: 'Derselbe Betrag wurde beim Zahlungsanbieter ein zweites Mal bewegt.',
    },
    mend: 'Take the second one back at the provider; accept it with a note if both were meant.',
    command: 'tributary explain movement {movement}',
  },
  never_moved: {
    kind: 'missing_there',
    side: 'provider',
    text: {
      en: "It counts as done here, and the provider's books do not have it.",
      fr: 'Tenu ici pour fait, mais absent des livres du prestataire.',
      de: 'Gilt hier als erledigt, steht aber nicht in den Büchern des Zahlungsanbieters.',
    },
    mend: 'Look the id up in the dashboard and compare the journal; send nothing again before it is clear.',
    command: 'tributary explain movement {movement}',
  },
  capture_missing: {
    kind: 'missing_there',
    side: 'provider',
    text: {
      en: "A payment counts as captured here, and the provider's books do not have it.",
      fr: 'Un paiement est tenu ici pour encaissé, mais absent des livres du prestataire.',
      de: 'Eine Zahlung gilt hier als eingezogen, steht aber nicht in den Büchern des Zahlungsanbieters.',
    },
    mend: 'Look the payment up in the dashboard; pay nobody out of it before it is clear.',
    command: 'tributary run validate-payments --since {day}',
  },
  moved_amount_differs: {
    kind: 'amount_differs',
    side: 'provider',
    text: {
      en: "The provider's books have another amount than the movement here.",
      fr: 'Les livres du prestataire ont un autre montant que le mouvement ici.',
      de: 'Die Bücher des Zahlungsanbieters haben einen anderen Betrag als die Bewegung hier.',
    },
    mend: 'The provider is the truth: compare the journal and find out who changed the amount here.',
    command: 'tributary explain movement {movement}',
  },
  captured_amount_differs: {
    kind: 'amount_differs',
    side: 'provider',
    text: {
      en: "The provider's books have captured another amount than is known here.",
      fr: 'Les livres du prestataire ont encaissé un autre montant que celui connu ici.',
      de: 'Laut den Büchern des Zahlungsanbieters wurde ein anderer Betrag eingezogen als hier bekannt.',
    },
    mend: 'Read the payments again from that day.',
    command: 'tributary run validate-payments --since {day}',
  },
  fee_amount_differs: {
    kind: 'amount_differs',
    side: 'provider',
    text: {
      en: 'The fees booked for a day are not those of its lines.',
      fr: 'Les frais comptabilisés pour un jour ne sont pas ceux de ses lignes.',
      de: 'Die für einen Tag gebuchten Gebühren sind nicht die seiner Zeilen.',
    },
    mend: 'The lines are the truth: find out who changed the movement here.',
    command: 'tributary explain movement {movement}',
  },
  moved_there_only: {
    kind: 'state_differs',
    side: 'provider',
    text: {
      en: 'The provider moved it, and here it is not done.',
      fr: "Le prestataire l'a déplacé, et ici il n'est pas fait.",
      de: 'Der Zahlungsanbieter hat es bewegt, hier ist es nicht erledigt.',
    },
    mend: 'Do not retry it: look the object up first; a movement that needs review is answered with its id.',
    command: 'tributary explain movement {movement}',
  },
  captured_there_only: {
    kind: 'state_differs',
    side: 'provider',
    text: {
      en: 'The provider captured the payment, and here it is not captured.',
      fr: "Le prestataire a encaissé le paiement, et ici il ne l'est pas.",
      de: 'Der Zahlungsanbieter hat die Zahlung eingezogen, hier ist sie es nicht.',
    },
    mend: 'Read the payments again from that day.',
    command: 'tributary run validate-payments --since {day}',
  },
  ledger_differs: {
    kind: 'amount_differs',
    side: 'ledger',
    text: {
      en: 'The ledger has something else than what was recorded.',
      fr: 'Le grand livre contient autre chose que ce qui a été enregistré.',
      de: 'Das Hauptbuch enthält etwas anderes, als verzeichnet wurde.',
    },
    mend: 'Ledger entries are never edited: find out who changed the row that they were booked from.',
    command: 'tributary explain movement {movement}',
  },
} as const
