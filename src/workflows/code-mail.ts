import { htmlMail, type Mail } from './mail-parts.ts'

export type MailLanguage = 'en' | 'fr' | 'de'

const texts = {
  en: {
    subject: (code: string) => `${code} is your code`,
    lead: 'Your code to open your payment account:',
    tail: (minutes: number) =>
      `It is good for ${minutes} minutes and works once. If you did not ask for it, do nothing: without the code nobody gets in.`,
  },
  fr: {
    subject: (code: string) => `${code} est votre code`,
    lead: 'Votre code pour ouvrir votre compte de paiement :',
    tail: (minutes: number) =>
      `Il est valable ${minutes} minutes et une seule fois. Si vous ne l’avez pas demandé, ne faites rien : sans le code, personne n’entre.`,
  },
  de: {
    subject: (code: string) => `${code} ist Ihr Code`,
    lead: 'Ihr Code für Ihr Zahlungskonto:',
    tail: (minutes: number) =>
      `Er gilt ${minutes} Minuten und einmal. Wenn Sie ihn nicht angefordert haben, tun Sie nichts: ohne den Code kommt niemand hinein.`,
  },
} as const

/** The mail that carries a one-time code. No link in it: a mail with a link teaches people to click. */
export function codeMail(language: MailLanguage, code: string, minutes: number): Mail {
  const { subject, lead, tail } = texts[language]
  const end = tail(minutes)
  return {
    subject: subject(code),
    text: `${lead}\n\n${code}\n\n${end}\n`,
    html: htmlMail(
      language,
      subject(code),
      `<p>${lead}</p>\n<p class="code">${code}</p>\n<p class="quiet">${end}</p>`,
    ),
  }
}
