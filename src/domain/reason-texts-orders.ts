/** Texts of the reasons of payments, confirmations and transfers; the table itself is reasons.ts. */

export const captureReasons = {
  already_captured: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The payment is already captured.',
      fr: 'Le paiement est déjà capturé.',
      de: 'Die Zahlung ist bereits eingezogen.',
    },
    mend: 'Nothing to do.',
  },
  payment_failed: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: "The customer's payment failed.",
      fr: 'Le paiement du client a échoué.',
      de: 'Die Zahlung des Kunden ist fehlgeschlagen.',
    },
    mend: 'The customer pays with a new order.',
  },
  payment_canceled: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The payment was canceled.',
      fr: 'Le paiement a été annulé.',
      de: 'Die Zahlung wurde storniert.',
    },
    mend: 'Nothing to do; the authorisation is released.',
  },
  payment_ambiguous: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The purchase has another payment that is used for it.',
      fr: 'Cet achat a un autre paiement, qui est utilisé.',
      de: 'Der Einkauf hat eine andere Zahlung, die dafür verwendet wird.',
    },
    mend: 'Cancel the payment that is too many at the provider; the other one is captured.',
  },
  order_not_decided: {
    final: false,
    unblockedBy: 'seller',
    retried: false,
    text: {
      en: 'A seller has not yet accepted or refused an order of this purchase.',
      fr: "Un vendeur n'a pas encore accepté ou refusé une commande de cet achat.",
      de: 'Ein Verkäufer hat eine Bestellung dieses Einkaufs noch nicht angenommen oder abgelehnt.',
    },
    mend: 'The seller accepts or refuses the order in Mirakl.',
  },
  order_not_debited: {
    final: false,
    unblockedBy: 'marketplace',
    retried: false,
    text: {
      en: 'Mirakl has not yet recorded the customer debit of the order.',
      fr: "Mirakl n'a pas encore enregistré le débit du client pour la commande.",
      de: 'Mirakl hat die Belastung des Kunden für die Bestellung noch nicht verbucht.',
    },
    mend: 'The next run of validate-payments confirms the debit (PA01).',
  },
  authorization_expired: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The authorisation expired before it was captured.',
      fr: "L'autorisation a expiré avant la capture.",
      de: 'Die Autorisierung ist vor dem Einzug abgelaufen.',
    },
    mend: 'Ask the customer to pay again, or cancel the order in Mirakl.',
  },
  order_worth_unknown: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'What a service that is not sold would have cost cannot be told from its price.',
      fr: "Le prix affiché ne dit pas ce qu'aurait coûté une prestation qui n'est pas vendue.",
      de: 'Was eine nicht verkaufte Dienstleistung gekostet hätte, ist aus ihrem Preis nicht zu lesen.',
    },
    mend: "Capture, release or refund the payment in the provider's dashboard: the amount of the service is yours to say.",
  },
  capture_lost: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'Mirakl believes that the customer paid, but the authorisation is gone.',
      fr: "Mirakl considère le client comme débité, mais l'autorisation n'existe plus.",
      de: 'Für Mirakl hat der Kunde bezahlt, aber die Autorisierung besteht nicht mehr.',
    },
    mend: 'Collect the payment anew or refund the order in Mirakl.',
  },
  workflow_unsupported: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'This payment workflow (payment on shipment) is not supported.',
      fr: "Ce mode de paiement (paiement à l'expédition) n'est pas pris en charge.",
      de: 'Dieser Zahlungsablauf (Zahlung bei Versand) wird nicht unterstützt.',
    },
    mend: 'Capture the payment by hand, or change the workflow in Mirakl.',
  },
  amount_differs: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'Two sources name different amounts.',
      fr: 'Deux sources indiquent des montants différents.',
      de: 'Zwei Quellen nennen verschiedene Beträge.',
    },
    mend: 'Compare the two amounts shown and correct the order in Mirakl.',
  },
} as const

export const confirmationReasons = {
  payment_unknown: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: 'No payment of this purchase is known at the provider.',
      fr: "Aucun paiement de cet achat n'est connu du prestataire.",
      de: 'Beim Zahlungsdienst ist keine Zahlung zu diesem Einkauf bekannt.',
    },
    mend: 'The payment carries the purchase id in its metadata; it is looked for again at every run.',
  },
  payment_pending: {
    final: false,
    unblockedBy: 'provider',
    retried: false,
    text: {
      en: 'The payment is still pending at the provider.',
      fr: 'Le paiement est encore en cours chez le prestataire.',
      de: 'Die Zahlung ist beim Zahlungsdienst noch in Bearbeitung.',
    },
    mend: 'Wait for the provider; it is looked at again at every run.',
  },
  settlement_unknown: {
    final: false,
    unblockedBy: 'provider',
    retried: false,
    text: {
      en: 'It is not known yet in which currency the payment settled.',
      fr: 'La devise dans laquelle le paiement est réglé n’est pas encore connue.',
      de: 'Noch ist nicht bekannt, in welcher Währung die Zahlung abgerechnet wurde.',
    },
    mend: 'Wait for the provider’s balance transaction; it is asked for at every run.',
  },
  confirmation_refused: {
    final: false,
    unblockedBy: 'operator',
    retried: true,
    text: {
      en: 'Mirakl refused the confirmation.',
      fr: 'Mirakl a refusé la confirmation.',
      de: 'Mirakl hat die Bestätigung abgelehnt.',
    },
    mend: 'Read the message of Mirakl; it is tried again at the next run.',
  },
  left_pending: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The marketplace was told nothing: the cycle is left pending.',
      fr: "La place de marché n'a pas été informée : le cycle reste en attente.",
      de: 'Dem Marktplatz wurde nichts gemeldet: die Abrechnung bleibt offen.',
    },
    mend: 'Set the failure reason of invoices to report bounced payouts to Mirakl.',
  },
  confirmation_off: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'Payment confirmation is switched off on this marketplace.',
      fr: 'La confirmation de paiement est désactivée sur cette place de marché.',
      de: 'Die Zahlungsbestätigung ist auf diesem Marktplatz ausgeschaltet.',
    },
    mend: 'Switch on payment confirmation in Mirakl.',
  },
} as const

export const transferReasons = {
  already_moved: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'This money was already moved.',
      fr: 'Cet argent a déjà été déplacé.',
      de: 'Dieses Geld wurde bereits bewegt.',
    },
    mend: 'Nothing to do.',
  },
  order_refused: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The seller refused the order.',
      fr: 'Le vendeur a refusé la commande.',
      de: 'Der Verkäufer hat die Bestellung abgelehnt.',
    },
    mend: 'Nothing to do.',
  },
  order_canceled: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The order was canceled.',
      fr: 'La commande a été annulée.',
      de: 'Die Bestellung wurde storniert.',
    },
    mend: 'Nothing to do.',
  },
  payment_refunded: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'The payment was refunded in full.',
      fr: 'Le paiement a été remboursé intégralement.',
      de: 'Die Zahlung wurde vollständig erstattet.',
    },
    mend: 'Nothing to do.',
  },
  paid_elsewhere: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'Another provider pays this seller.',
      fr: 'Un autre prestataire paie ce vendeur.',
      de: 'Ein anderer Zahlungsdienst bezahlt diesen Verkäufer.',
    },
    mend: 'Change the pay-out provider in Mirakl if this is wrong.',
  },
  amount_unreadable: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'An amount could not be read.',
      fr: "Un montant n'a pas pu être lu.",
      de: 'Ein Betrag konnte nicht gelesen werden.',
    },
    mend: 'Correct the amount named in Mirakl.',
  },
  amount_not_positive: {
    final: true,
    unblockedBy: 'nobody',
    retried: false,
    text: {
      en: 'Nothing is left to pay.',
      fr: "Il n'y a rien à verser.",
      de: 'Es bleibt nichts auszuzahlen.',
    },
    mend: 'Nothing to do; the figures are shown beside it.',
  },
  seller_ignored: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The seller is ignored by a setting of the shop.',
      fr: 'Le vendeur est ignoré par un réglage de la boutique.',
      de: 'Der Verkäufer wird durch eine Einstellung des Shops ignoriert.',
    },
    mend: 'Clear the ignored field of the shop in Mirakl.',
  },
  seller_unknown: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: 'The seller is not known yet.',
      fr: "Le vendeur n'est pas encore connu.",
      de: 'Der Verkäufer ist noch nicht bekannt.',
    },
    mend: 'The next run of onboard-sellers reads the shop.',
  },
  seller_not_onboarded: {
    final: false,
    unblockedBy: 'seller',
    retried: false,
    text: {
      en: 'The seller has not finished onboarding at the provider.',
      fr: "Le vendeur n'a pas terminé son inscription chez le prestataire.",
      de: 'Der Verkäufer hat die Anmeldung beim Zahlungsdienst nicht abgeschlossen.',
    },
    mend: 'The seller follows the onboarding link in the shop.',
  },
  seller_restricted: {
    final: false,
    unblockedBy: 'seller',
    retried: false,
    text: {
      en: 'The provider restricts the seller: no money can be sent to the account.',
      fr: 'Le prestataire restreint le vendeur : aucun versement sur son compte.',
      de: 'Der Zahlungsdienst schränkt den Verkäufer ein: auf das Konto kann nichts überwiesen werden.',
    },
    mend: 'The seller gives the provider what it asks for.',
  },
  tax_account_missing: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'Taxes are split off, and no tax account is configured.',
      fr: "Les taxes sont séparées, et aucun compte de taxes n'est configuré.",
      de: 'Steuern werden abgetrennt, und kein Steuerkonto ist eingerichtet.',
    },
    mend: 'Write the id of the tax account into STRIPE_TAX_ACCOUNT.',
  },
  tax_account_unusable: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The tax account can receive no transfers.',
      fr: 'Le compte de taxes ne peut pas recevoir de virements.',
      de: 'Das Steuerkonto kann keine Überweisungen empfangen.',
    },
    mend: 'Connect the account of STRIPE_TAX_ACCOUNT to the platform and complete its form at the provider, or name another one; `doctor` says what is wrong.',
  },
  tax_account_currency: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'The tax account cannot keep money in the currency that the payment brought.',
      fr: 'Le compte de taxes ne peut pas garder la devise que le paiement a apportée.',
      de: 'Das Steuerkonto kann die Währung nicht halten, die die Zahlung gebracht hat.',
    },
    mend: 'Add a bank account in that currency to the account of STRIPE_TAX_ACCOUNT at the provider, or name another account.',
  },
  order_not_accepted: {
    final: false,
    unblockedBy: 'seller',
    retried: false,
    text: {
      en: 'The seller has not yet accepted the order.',
      fr: "Le vendeur n'a pas encore accepté la commande.",
      de: 'Der Verkäufer hat die Bestellung noch nicht angenommen.',
    },
    mend: 'The seller accepts or refuses the order in Mirakl.',
  },
  payment_not_captured: {
    final: false,
    unblockedBy: 'time',
    retried: false,
    text: {
      en: 'The payment is not captured yet.',
      fr: "Le paiement n'est pas encore capturé.",
      de: 'Die Zahlung ist noch nicht eingezogen.',
    },
    mend: 'It is captured once every order of the purchase is decided.',
  },
  currency_differs: {
    final: false,
    unblockedBy: 'operator',
    retried: false,
    text: {
      en: 'Two sources name different currencies.',
      fr: 'Deux sources indiquent des devises différentes.',
      de: 'Zwei Quellen nennen verschiedene Währungen.',
    },
    mend: 'Compare the two currencies shown and correct the one that is wrong.',
  },
} as const
