import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { lifecycle, type MovementStatus, movementStatuses } from '../src/domain/lifecycle.ts'
import { type Reason, reasons } from '../src/domain/reasons.ts'

const root = join(import.meta.dirname, '..')

/** A page of docs that is written from the code. */
export type GeneratedDoc = { path: string; text: string }

const note = 'Written from the code: change the code, then run `npm run check -- --write`.'

/** Every generated page with the text that it should have. */
export async function generateDocs(): Promise<GeneratedDoc[]> {
  const pages = [
    { path: 'docs/lifecycles.md', text: lifecyclesPage() },
    { path: 'docs/errors.md', text: errorsPage() },
  ]
  return Promise.all(
    pages.map(async ({ path, text }) => {
      const options = await resolveConfig(join(root, path))
      return { path, text: await format(text, { ...options, filepath: path }) }
    }),
  )
}

/** The generated pages whose file differs or is missing. */
export async function findStaleDocs(): Promise<string[]> {
  const pages = await generateDocs()
  return pages.filter(({ path, text }) => readOr(path, '') !== text).map(({ path }) => path)
}

/** Writes the generated pages; returns the paths of those that changed. */
export async function writeDocs(): Promise<string[]> {
  const stale = new Set(await findStaleDocs())
  const pages = (await generateDocs()).filter(({ path }) => stale.has(path))
  for (const { path, text } of pages) writeFileSync(join(root, path), text)
  return [...stale]
}

function readOr(path: string, missing: string): string {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return missing
  }
}

function lifecyclesPage(): string {
  const rows = movementStatuses.map(status => {
    const { meaning, next, final, asked } = lifecycle[status]
    const follows = next.length === 0 ? '-' : next.map(each => `\`${each}\``).join(', ')
    return [`\`${status}\``, meaning, follows, yes(final), yes(asked)]
  })
  return `# The lifecycle of a movement

${note}

Every movement of money has one of these statuses, whatever its kind. A move that is not in the table
is refused. Every move is written to the movement's journal: who, when, from, to, reason, attempt.

${table(['status', 'meaning', 'may become', 'final', 'money may have moved'], rows)}

"Money may have moved" is why a movement in \`submitted\` is never simply sent again: it is sent with
the same idempotency key, or looked up at the provider first.

\`\`\`mermaid
stateDiagram-v2
${movementStatuses.flatMap(edgesOf).join('\n')}
\`\`\`
`
}

function edgesOf(status: MovementStatus): string[] {
  const { next, final } = lifecycle[status]
  return [...next.map(to => `  ${status} --> ${to}`), ...(final ? [`  ${status} --> [*]`] : [])]
}

const unblockers: Record<Reason['unblockedBy'], string> = {
  seller: 'the seller',
  operator: 'the operator',
  provider: 'the provider',
  marketplace: 'the marketplace',
  time: 'time, by itself',
  nobody: 'nobody: final',
}

function errorsPage(): string {
  const entries: [string, Reason][] = Object.entries(reasons)
  return `# Reasons

${note}

Every hold, cancellation and failure of a movement or a confirmation has one of these codes. They
are what the API, the command line, the dashboard and the mails show.

- **final**: it will not be done; a correction is a new movement.
- **ended by**: who can end the hold.
- **retried**: a failure for this reason goes again by itself, without an operator.

${table(
  ['code', 'final', 'ended by', 'retried'],
  entries.map(([code, reason]) => [
    `[\`${code}\`](#${code})`,
    yes(reason.final),
    unblockers[reason.unblockedBy],
    yes(reason.retried),
  ]),
)}

${entries.map(([code, reason]) => section(code, reason)).join('\n\n')}
`
}

function section(code: string, { text, mend }: Reason): string {
  return `## ${code}

${text.en}

**What to do:** ${mend}

- fr: ${text.fr}
- de: ${text.de}`
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no'
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
