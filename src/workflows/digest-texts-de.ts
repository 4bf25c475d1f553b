import type { DigestTexts } from './digest-texts.ts'

export const de: DigestTexts = {
  nouns: {
    transfer: ['Überweisung an Verkäufer', 'Überweisungen an Verkäufer'],
    payout: ['Auszahlung', 'Auszahlungen'],
    refund: ['Rückerstattung', 'Rückerstattungen'],
    reversal: ['Rückübertragung', 'Rückübertragungen'],
    capture: ['Einzug', 'Einzüge'],
    confirmation: ['Meldung an Mirakl', 'Meldungen an Mirakl'],
    movement: ['Bewegung', 'Bewegungen'],
  },
  failed: (_, count, noun) => `${count} ${noun} fehlgeschlagen`,
  held: (isOne, count, days) =>
    `${count} ${isOne ? 'Bewegung' : 'Bewegungen'} seit mehr als ${days} angehalten`,
  expiring: (isOne, count) =>
    isOne ? `${count} Autorisierung endet bald` : `${count} Autorisierungen enden bald`,
  disputed: (isOne, count) =>
    `${count} angefochtene ${isOne ? 'Zahlung wartet' : 'Zahlungen warten'} auf Nachweise`,
  deadlines: (isOne, count) =>
    `${count} ${isOne ? 'Verkäufer muss' : 'Verkäufer müssen'} bei Stripe etwas nachreichen`,
  unreadable: (isOne, count) =>
    isOne
      ? `${count} Objekt von Mirakl war nicht lesbar`
      : `${count} Objekte von Mirakl waren nicht lesbar`,
  oldMoney: (isOne, count) =>
    `${count} ${isOne ? 'Guthaben muss' : 'Guthaben müssen'} bald ausgezahlt werden`,
  ownBalance: 'das eigene Guthaben der Plattform',
  undelivered: (isOne, count) =>
    `${count} ${isOne ? 'Benachrichtigung' : 'Benachrichtigungen'} nicht zugestellt`,
  broken: (isOne, count) => `${count} ${isOne ? 'Job' : 'Jobs'} vorzeitig beendet`,
  creations: (isOne, count) =>
    `${count} ${isOne ? 'Shop' : 'Shops'} ohne Konto: Stripe hat es abgelehnt`,
  objects: {
    order: 'Bestellung',
    seller: 'Shop',
    debit: 'Belastung',
    cycle: 'Abrechnung',
    refund: 'Erstattung',
    payment: 'Zahlung',
    dispute: 'Streitfall',
    book_entry: 'Buchung',
  },
  givenUp: (isOne, count) =>
    `${count} ${isOne ? 'Bewegung' : 'Bewegungen'} seit der letzten Mail aufgegeben`,
  days: (isOne, count) => `${count} ${isOne ? 'Tag' : 'Tagen'}`,
  isNew: 'neu',
  unanswered: 'Der Zahlungsdienst hat nie geantwortet: Bitte dort nachsehen.',
  since: date => `seit ${date}`,
  until: date => `bis ${date}`,
  oldest: days => `die älteste seit ${days}`,
  more: count => `und ${count} weitere`,
  open: 'Öffnen',
  footer:
    'Jede Zeile steht hier jeden Tag, bis sie erledigt oder zur Kenntnis genommen ist: tributary movements acknowledge <id>',
}
