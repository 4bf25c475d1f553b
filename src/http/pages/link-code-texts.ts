import type { Language } from '../language.ts'
import type { CodeStep } from './link-code.ts'

interface CodeTexts {
  readonly steps: Readonly<
    Record<CodeStep, { readonly title: string; readonly text: (address: string) => string }>
  >
  readonly label: string
  readonly enter: string
  readonly send: string
  readonly again: string
}

const en: CodeTexts = {
  steps: {
    offer: {
      title: 'Open your payment account',
      text: address =>
        `To protect your account, we send a code to ${address}, the address of your shop on the marketplace.`,
    },
    sent: {
      title: 'Enter your code',
      text: address => `A code is on its way to ${address}. It is good for 10 minutes.`,
    },
    sent_before: {
      title: 'Enter your code',
      text: address =>
        `A code was sent to ${address} less than a minute ago. It is still good; look among unwanted mail too.`,
    },
    wrong: {
      title: 'This code is not right',
      text: () =>
        'It may be mistyped, older than 10 minutes, or used already. Try again, or ask for a new one.',
    },
    no_address: {
      title: 'Your shop has no e-mail address',
      text: () =>
        'Enter an address in your shop’s settings on the marketplace, then open this link again.',
    },
    unavailable: {
      title: 'The code could not be sent',
      text: () => 'Try again in a minute. If it does not work then, write to the marketplace.',
    },
  },
  label: 'Code',
  enter: 'Continue',
  send: 'Send a code',
  again: 'Send a new code',
}

const fr: CodeTexts = {
  steps: {
    offer: {
      title: 'Ouvrir votre compte de paiement',
      text: address =>
        `Pour protéger votre compte, nous envoyons un code à ${address}, l’adresse de votre boutique sur la place de marché.`,
    },
    sent: {
      title: 'Saisissez votre code',
      text: address => `Un code est en route vers ${address}. Il est valable 10 minutes.`,
    },
    sent_before: {
      title: 'Saisissez votre code',
      text: address =>
        `Un code a été envoyé à ${address} il y a moins d’une minute. Il est encore valable ; regardez aussi parmi les indésirables.`,
    },
    wrong: {
      title: 'Ce code n’est pas le bon',
      text: () =>
        'Il est peut-être mal saisi, vieux de plus de 10 minutes ou déjà utilisé. Réessayez, ou demandez-en un nouveau.',
    },
    no_address: {
      title: 'Votre boutique n’a pas d’adresse e-mail',
      text: () =>
        'Indiquez une adresse dans les paramètres de votre boutique, puis ouvrez ce lien à nouveau.',
    },
    unavailable: {
      title: 'Le code n’a pas pu être envoyé',
      text: () =>
        'Réessayez dans une minute. Si cela ne marche toujours pas, écrivez à la place de marché.',
    },
  },
  label: 'Code',
  enter: 'Continuer',
  send: 'Envoyer un code',
  again: 'Envoyer un nouveau code',
}

const de: CodeTexts = {
  steps: {
    offer: {
      title: 'Ihr Zahlungskonto öffnen',
      text: address =>
        `Zum Schutz Ihres Kontos senden wir einen Code an ${address}, die Adresse Ihres Shops auf dem Marktplatz.`,
    },
    sent: {
      title: 'Geben Sie Ihren Code ein',
      text: address => `Ein Code ist unterwegs an ${address}. Er gilt 10 Minuten.`,
    },
    sent_before: {
      title: 'Geben Sie Ihren Code ein',
      text: address =>
        `Vor weniger als einer Minute ging ein Code an ${address}. Er gilt noch; sehen Sie auch im Spam-Ordner nach.`,
    },
    wrong: {
      title: 'Dieser Code stimmt nicht',
      text: () =>
        'Vielleicht ist er vertippt, älter als 10 Minuten oder schon benutzt. Versuchen Sie es erneut, oder fordern Sie einen neuen an.',
    },
    no_address: {
      title: 'Ihr Shop hat keine E-Mail-Adresse',
      text: () =>
        'Tragen Sie eine Adresse in den Einstellungen Ihres Shops ein und öffnen Sie diesen Link dann erneut.',
    },
    unavailable: {
      title: 'Der Code konnte nicht gesendet werden',
      text: () =>
        'Versuchen Sie es in einer Minute erneut. Klappt es dann nicht, schreiben Sie dem Marktplatz.',
    },
  },
  label: 'Code',
  enter: 'Weiter',
  send: 'Code senden',
  again: 'Neuen Code senden',
}

export const linkCodeTexts: Readonly<Record<Language, CodeTexts>> = { en, fr, de }
