import type { DigestTexts } from './digest-texts.ts'

export const fr: DigestTexts = {
  nouns: {
    transfer: ['virement', 'virements'],
    payout: ['versement', 'versements'],
    refund: ['remboursement', 'remboursements'],
    reversal: ['contre-passation', 'contre-passations'],
    capture: ['encaissement', 'encaissements'],
    confirmation: ['confirmation à Mirakl', 'confirmations à Mirakl'],
    movement: ['mouvement', 'mouvements'],
  },
  failed: (isOne, count, noun) => `${count} ${noun} ${isOne ? 'a' : 'ont'} échoué`,
  held: (isOne, count, days) =>
    `${count} ${isOne ? 'mouvement' : 'mouvements'} en attente depuis plus de ${days}`,
  expiring: (isOne, count) =>
    isOne ? `${count} autorisation expire bientôt` : `${count} autorisations expirent bientôt`,
  disputed: (isOne, count) =>
    `${count} ${isOne ? 'litige attend' : 'litiges attendent'} des preuves`,
  deadlines: (isOne, count) =>
    `${count} ${isOne ? 'vendeur doit' : 'vendeurs doivent'} fournir des pièces à Stripe`,
  unreadable: (isOne, count) =>
    `${count} ${isOne ? 'objet de Mirakl n’a pas pu être lu' : 'objets de Mirakl n’ont pas pu être lus'}`,
  oldMoney: (isOne, count) =>
    `${count} ${isOne ? 'solde contient' : 'soldes contiennent'} de l’argent à verser bientôt`,
  ownBalance: 'le solde de la plateforme',
  undelivered: (isOne, count) =>
    `${count} ${isOne ? 'notification non remise' : 'notifications non remises'}`,
  broken: (isOne, count) => (isOne ? `${count} tâche interrompue` : `${count} tâches interrompues`),
  creations: (isOne, count) =>
    `${count} ${isOne ? 'boutique sans compte : Stripe a refusé de le créer' : 'boutiques sans compte : Stripe a refusé de les créer'}`,
  objects: {
    order: 'Commande',
    seller: 'Boutique',
    debit: 'Débit',
    cycle: 'Facture',
    refund: 'Remboursement',
    payment: 'Paiement',
    dispute: 'Litige',
    book_entry: 'Écriture',
  },
  givenUp: (isOne, count) =>
    `${count} ${isOne ? 'mouvement abandonné' : 'mouvements abandonnés'} depuis le dernier message`,
  days: (isOne, count) => `${count} ${isOne ? 'jour' : 'jours'}`,
  isNew: 'nouveau',
  unanswered: 'Le prestataire n’a jamais répondu à la demande : vérifiez chez lui.',
  since: date => `depuis le ${date}`,
  until: date => `jusqu’au ${date}`,
  oldest: days => `le plus ancien depuis ${days}`,
  more: count => `et ${count} de plus`,
  open: 'Ouvrir',
  footer:
    'Chaque ligne est citée ici tous les jours jusqu’à ce qu’elle soit réglée ou prise en compte : tributary movements acknowledge <id>',
}
