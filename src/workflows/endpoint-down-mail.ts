import type { Settings } from '../domain/settings.ts'
import { escapeHtml, htmlMail, type Mail } from './mail-parts.ts'

interface Failed {
  readonly id: string
  readonly type: string
  readonly status: number | null
  readonly message: string
  readonly answer: string
  readonly at: Date
}

const texts = {
  en: {
    subject: 'Your notification URL does not take notifications',
    lead: 'Tributary could not deliver a notification to OPERATOR_NOTIFICATION_URL.',
    notification: 'Notification',
    problem: 'Problem',
    answer: 'Answer',
    at: 'At',
    next: 'Delivery goes on for about 25 hours. What is not taken by then waits until it is replayed: tributary notifications replay --undelivered',
  },
  fr: {
    subject: 'Votre URL de notification ne prend pas les notifications',
    lead: 'Tributary n’a pas pu remettre une notification à OPERATOR_NOTIFICATION_URL.',
    notification: 'Notification',
    problem: 'Problème',
    answer: 'Réponse',
    at: 'Le',
    next: 'Les envois continuent pendant 25 heures environ. Ce qui n’est pas pris d’ici là attend d’être rejoué : tributary notifications replay --undelivered',
  },
  de: {
    subject: 'Ihre Benachrichtigungs-URL nimmt keine Benachrichtigungen an',
    lead: 'Tributary konnte eine Benachrichtigung nicht an OPERATOR_NOTIFICATION_URL zustellen.',
    notification: 'Benachrichtigung',
    problem: 'Problem',
    answer: 'Antwort',
    at: 'Am',
    next: 'Die Zustellung geht etwa 25 Stunden weiter. Was bis dahin nicht angenommen ist, wartet auf eine Wiederholung: tributary notifications replay --undelivered',
  },
} as const

/** The mail about an operator's URL that does not take notifications. */
export function endpointDownMail(
  { language, timeZone }: Pick<Settings, 'language' | 'timeZone'>,
  failed: Failed,
): Mail {
  const words = texts[language]
  const moments = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'long',
    timeZone,
  })
  const rows = [
    [words.notification, `${failed.type} ${failed.id}`],
    [words.problem, failed.message],
    ...(failed.answer === '' ? [] : [[words.answer, failed.answer]]),
    [words.at, moments.format(failed.at)],
  ] as const
  const table = rows
    .map(([name = '', value = '']) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`)
    .join('\n')
  const body = `<h1>${words.subject}</h1>
<p>${words.lead}</p>
<table>
${table}
</table>
<p class="quiet">${words.next}</p>`
  const lines = rows.map(([name, value]) => `${name}: ${value}`)
  return {
    subject: words.subject,
    text: `${words.lead}\n\n${lines.join('\n')}\n\n${words.next}\n`,
    html: htmlMail(language, words.subject, body),
  }
}
