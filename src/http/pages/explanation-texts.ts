import type { Language } from '../language.ts'
import type { Why } from './explanation.ts'

interface Explanation {
  readonly title: string
  /** What is the case. */
  readonly text: string
  /** What the seller can do now. */
  readonly next: string
}

/** The last line of the page, before the code that support asks for. */
export const footers: Readonly<Record<Language, string>> = {
  en: 'If you write to the marketplace, name this code:',
  fr: 'Si vous écrivez à la place de marché, indiquez ce code :',
  de: 'Wenn Sie dem Marktplatz schreiben, nennen Sie diesen Code:',
}

const en: Readonly<Record<Why, Explanation>> = {
  unknown_link: {
    title: 'This link is not known',
    text: 'The address is incomplete, or it was never one of ours.',
    next: 'Open the link in your shop’s settings on the marketplace again, or copy it whole.',
  },
  revoked: {
    title: 'This link has been replaced',
    text: 'The marketplace has withdrawn this link and written a new one.',
    next: 'Open the new link in your shop’s settings on the marketplace.',
  },
  too_many: {
    title: 'Too many clicks in one minute',
    text: 'To protect your account, this link opens only a few times a minute.',
    next: 'Wait a minute, then open the link again. It stays valid.',
  },
  not_ready: {
    title: 'Your payment account is being prepared',
    text: 'The account at the payment provider has not been made yet.',
    next: 'Open the link again in a few minutes. It stays valid.',
  },
  rejected: {
    title: 'The payment provider has rejected this account',
    text: 'The provider will not pay this account out, and its form cannot be opened again.',
    next: 'Write to the marketplace: it can ask the provider why and what is possible.',
  },
  lost: {
    title: 'This account is no longer connected',
    text: 'The account at the payment provider was closed, or its connection to the marketplace was ended.',
    next: 'Write to the marketplace: it can connect an account again.',
  },
  done: {
    title: 'Nothing is left to do',
    text: 'The payment provider has everything it needs for this account.',
    next: 'You can close this page. If the provider needs more later, the same link leads there.',
  },
  unavailable: {
    title: 'The payment provider cannot be reached',
    text: 'Your link is right, but the provider does not answer at the moment.',
    next: 'Open the link again in a few minutes. It stays valid.',
  },
}

const fr: Readonly<Record<Why, Explanation>> = {
  unknown_link: {
    title: 'Ce lien est inconnu',
    text: 'L’adresse est incomplète, ou elle n’a jamais été l’une des nôtres.',
    next: 'Ouvrez à nouveau le lien dans les paramètres de votre boutique, ou copiez-le en entier.',
  },
  revoked: {
    title: 'Ce lien a été remplacé',
    text: 'La place de marché a retiré ce lien et en a inscrit un nouveau.',
    next: 'Ouvrez le nouveau lien dans les paramètres de votre boutique.',
  },
  too_many: {
    title: 'Trop de clics en une minute',
    text: 'Pour protéger votre compte, ce lien ne s’ouvre que quelques fois par minute.',
    next: 'Attendez une minute, puis ouvrez le lien à nouveau. Il reste valable.',
  },
  not_ready: {
    title: 'Votre compte de paiement est en préparation',
    text: 'Le compte chez le prestataire de paiement n’a pas encore été créé.',
    next: 'Ouvrez le lien à nouveau dans quelques minutes. Il reste valable.',
  },
  rejected: {
    title: 'Le prestataire de paiement a refusé ce compte',
    text: 'Le prestataire ne versera rien à ce compte, et son formulaire ne peut plus être ouvert.',
    next: 'Écrivez à la place de marché : elle peut demander au prestataire pourquoi et ce qui est possible.',
  },
  lost: {
    title: 'Ce compte n’est plus relié',
    text: 'Le compte chez le prestataire de paiement a été fermé, ou son lien avec la place de marché a été rompu.',
    next: 'Écrivez à la place de marché : elle peut relier un compte à nouveau.',
  },
  done: {
    title: 'Il ne reste rien à faire',
    text: 'Le prestataire de paiement a tout ce qu’il lui faut pour ce compte.',
    next: 'Vous pouvez fermer cette page. Si le prestataire demande autre chose plus tard, le même lien y mène.',
  },
  unavailable: {
    title: 'Le prestataire de paiement est injoignable',
    text: 'Votre lien est bon, mais le prestataire ne répond pas pour le moment.',
    next: 'Ouvrez le lien à nouveau dans quelques minutes. Il reste valable.',
  },
}

const de: Readonly<Record<Why, Explanation>> = {
  unknown_link: {
    title: 'Dieser Link ist nicht bekannt',
    text: 'Die Adresse ist unvollständig, oder sie war nie eine von uns.',
    next: 'Öffnen Sie den Link in den Einstellungen Ihres Shops erneut, oder kopieren Sie ihn vollständig.',
  },
  revoked: {
    title: 'Dieser Link wurde ersetzt',
    text: 'Der Marktplatz hat diesen Link zurückgezogen und einen neuen eingetragen.',
    next: 'Öffnen Sie den neuen Link in den Einstellungen Ihres Shops.',
  },
  too_many: {
    title: 'Zu viele Klicks in einer Minute',
    text: 'Zum Schutz Ihres Kontos öffnet sich dieser Link nur wenige Male in der Minute.',
    next: 'Warten Sie eine Minute und öffnen Sie den Link dann erneut. Er bleibt gültig.',
  },
  not_ready: {
    title: 'Ihr Zahlungskonto wird vorbereitet',
    text: 'Das Konto beim Zahlungsdienst ist noch nicht angelegt.',
    next: 'Öffnen Sie den Link in einigen Minuten erneut. Er bleibt gültig.',
  },
  rejected: {
    title: 'Der Zahlungsdienst hat dieses Konto abgelehnt',
    text: 'Der Zahlungsdienst zahlt diesem Konto nichts aus, und sein Formular lässt sich nicht mehr öffnen.',
    next: 'Schreiben Sie dem Marktplatz: Er kann den Zahlungsdienst nach dem Grund fragen.',
  },
  lost: {
    title: 'Dieses Konto ist nicht mehr verbunden',
    text: 'Das Konto beim Zahlungsdienst wurde geschlossen, oder seine Verbindung zum Marktplatz wurde beendet.',
    next: 'Schreiben Sie dem Marktplatz: Er kann ein Konto neu verbinden.',
  },
  done: {
    title: 'Es ist nichts mehr zu tun',
    text: 'Der Zahlungsdienst hat alles, was er für dieses Konto braucht.',
    next: 'Sie können diese Seite schließen. Wird später mehr gebraucht, führt derselbe Link dorthin.',
  },
  unavailable: {
    title: 'Der Zahlungsdienst ist nicht erreichbar',
    text: 'Ihr Link ist richtig, aber der Zahlungsdienst antwortet gerade nicht.',
    next: 'Öffnen Sie den Link in einigen Minuten erneut. Er bleibt gültig.',
  },
}

export const explanations: Readonly<Record<Language, Readonly<Record<Why, Explanation>>>> = {
  en,
  fr,
  de,
}
