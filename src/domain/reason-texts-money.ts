/** Texts of the reasons of settlements, failures and general holds; the table itself is reasons.ts. */

export const settlementReasons = {
  platform_balance_short: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: "The platform's available balance is too small.",
      fr: 'Le solde disponible de la plateforme est insuffisant.',
      de: 'Das verfügbare Guthaben der Plattform reicht nicht.',
    },
    mend: 'Wait for funds to become available, or top up the platform.',
  },
  seller_balance_short: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: "The seller's available balance is too small.",
      fr: 'Le solde disponible du vendeur est insuffisant.',
      de: 'Das verfügbare Guthaben des Verkäufers reicht nicht.',
    },
    mend: 'It runs when the next sales of the seller have become available.',
  },
  already_paid: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The marketplace shows this cycle as paid.',
      fr: 'La place de marché indique que ce cycle est payé.',
      de: 'Der Marktplatz zeigt diese Abrechnung als bezahlt.',
    },
    mend: 'Nothing to do.',
  },
  cycle_not_final: {
    final: false,
    unblockedBy: 'marketplace',
    retried: false,
    text: {
      en: 'The accounting document is still a draft.',
      fr: 'Le document comptable est encore un brouillon.',
      de: 'Der Abrechnungsbeleg ist noch ein Entwurf.',
    },
    mend: 'Mirakl issues the document.',
  },
  payouts_disabled: {
    final: false,
    unblockedBy: 'seller',
    retried: false,
    text: {
      en: 'The provider has disabled payouts of the seller.',
      fr: 'Le prestataire a désactivé les versements du vendeur.',
      de: 'Der Zahlungsdienst hat Auszahlungen des Verkäufers deaktiviert.',
    },
    mend: 'The seller gives the provider what it asks for.',
  },
  payment_blocked: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'Payment of the shop is blocked in Mirakl.',
      fr: 'Le paiement de la boutique est bloqué dans Mirakl.',
      de: 'Die Auszahlung des Shops ist in Mirakl gesperrt.',
    },
    mend: 'Unblock the payment of the shop in Mirakl.',
  },
  contents_unknown: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: 'Sales of the seller were converted, and which orders the cycle holds has not been read.',
      fr: "Des ventes du vendeur ont été converties, et les commandes du cycle n'ont pas encore été lues.",
      de: 'Verkäufe des Verkäufers wurden umgerechnet, und die Bestellungen der Abrechnung sind noch nicht gelesen.',
    },
    mend: 'It is read by the next runs of settle-sellers; Mirakl allows 60 cycles an hour.',
  },
  waits_for_movements: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: 'Other movements of the cycle are not finished.',
      fr: "D'autres mouvements du cycle ne sont pas terminés.",
      de: 'Andere Bewegungen der Abrechnung sind nicht abgeschlossen.',
    },
    mend: 'Look at the movements listed; the payout follows them by itself.',
  },
  balance_pending: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: "The seller's money is not available yet.",
      fr: "L'argent du vendeur n'est pas encore disponible.",
      de: 'Das Geld des Verkäufers ist noch nicht verfügbar.',
    },
    mend: 'It becomes available by itself.',
  },
  balance_short: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: "The seller's balance is smaller than the payout.",
      fr: 'Le solde du vendeur est inférieur au versement.',
      de: 'Das Guthaben des Verkäufers ist kleiner als die Auszahlung.',
    },
    mend: 'Look for orders of the cycle whose transfer is on hold.',
  },
  needs_approval: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The payout needs the approval of a second person.',
      fr: "Le versement requiert l'approbation d'une seconde personne.",
      de: 'Die Auszahlung braucht die Freigabe durch eine zweite Person.',
    },
    mend: 'An approver releases it.',
  },
  bank_refused: {
    final: false,
    unblockedBy: 'seller',
    retried: true,
    text: {
      en: 'The bank of the seller refused the payout.',
      fr: 'La banque du vendeur a refusé le versement.',
      de: 'Die Bank des Verkäufers hat die Auszahlung abgelehnt.',
    },
    mend: 'The seller corrects the bank account; it goes again when the account was updated.',
  },
  negative_cycle: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The cycle is negative: the seller owes the marketplace.',
      fr: 'Le cycle est négatif : le vendeur doit de l’argent à la place de marché.',
      de: 'Die Abrechnung ist negativ: der Verkäufer schuldet dem Marktplatz Geld.',
    },
    mend: 'Decide whether Mirakl or Tributary carries negative cycles (setting negative_cycles).',
  },
} as const

export const failureReasons = {
  provider_refused: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The provider refused.',
      fr: 'Le prestataire a refusé.',
      de: 'Der Zahlungsdienst hat abgelehnt.',
    },
    mend: 'Read the message of the provider, mend the cause, retry.',
  },
  insufficient_funds: {
    final: false,
    unblockedBy: 'time',
    retried: true,
    text: {
      en: 'The balance was too small when the provider was asked.',
      fr: 'Le solde était insuffisant lors de la demande.',
      de: 'Das Guthaben reichte bei der Anfrage nicht.',
    },
    mend: 'It goes again by itself when money is there.',
  },
  account_refused: {
    final: false,
    unblockedBy: 'seller',
    retried: true,
    text: {
      en: 'The provider account cannot receive this money.',
      fr: 'Le compte chez le prestataire ne peut pas recevoir cet argent.',
      de: 'Das Konto beim Zahlungsdienst kann dieses Geld nicht empfangen.',
    },
    mend: 'The seller completes the account; it goes again by itself.',
  },
  credentials_refused: {
    final: false,
    unblockedBy: 'operator',
    retried: true,
    text: {
      en: 'The provider refused our key or its permissions.',
      fr: 'Le prestataire a refusé notre clé ou ses droits.',
      de: 'Der Zahlungsdienst hat unseren Schlüssel oder dessen Rechte abgelehnt.',
    },
    mend: 'Correct the key or its permissions (tributary doctor), it goes again by itself.',
  },
  canceled_at_provider: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'It was canceled at the provider.',
      fr: 'Il a été annulé chez le prestataire.',
      de: 'Es wurde beim Zahlungsdienst storniert.',
    },
    mend: 'Retry it, or cancel it here too.',
  },
} as const

export const generalReasons = {
  set_aside: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: "The marketplace's object could not be read; the field is named.",
      fr: "L'objet de la place de marché n'a pas pu être lu ; le champ est indiqué.",
      de: 'Das Objekt des Marktplatzes konnte nicht gelesen werden; das Feld ist genannt.',
    },
    mend: 'Correct the field in Mirakl; it is read again when it changes.',
  },
  before_start_date: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'It is older than the start date: it belongs to the time before Tributary.',
      fr: 'Antérieur à la date de départ : il relève de la période avant Tributary.',
      de: 'Älter als das Startdatum: es gehört in die Zeit vor Tributary.',
    },
    mend: 'Change the start date only if nothing else has paid it.',
  },
  no_start_date: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'A live environment moves nothing until its start date is set.',
      fr: "Un environnement réel ne déplace rien tant que la date de départ n'est pas fixée.",
      de: 'Eine Live-Umgebung bewegt nichts, bis das Startdatum gesetzt ist.',
    },
    mend: 'Set TRIBUTARY_START_DATE.',
  },
  paused: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'Paused by an operator.',
      fr: 'Suspendu par un opérateur.',
      de: 'Von einem Betreiber angehalten.',
    },
    mend: 'An operator resumes it.',
  },
  canceled_by_operator: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'Canceled by an operator.',
      fr: 'Annulé par un opérateur.',
      de: 'Von einem Betreiber storniert.',
    },
    mend: 'Nothing to do.',
  },
} as const
