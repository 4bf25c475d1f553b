import type { Command } from 'commander'
import pc from 'picocolors'
import { examine, type Finding } from '../app/doctor/doctor.ts'

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Check configuration, database, Mirakl, Stripe and clocks; says how to mend')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: { json?: boolean }) => {
      const findings = await examine(process.env)
      const wrong = findings.some(each => each.verdict === 'fail')
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify({ ok: !wrong, findings }, null, 2)}\n`)
      } else process.stdout.write(sayFindings(findings))
      process.exitCode = wrong ? 1 : 0
    })
}

const marks = { ok: pc.green('ok  '), warn: pc.yellow('warn'), fail: pc.red('fail') }

function sayFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(each => each.check.length))
  const lines = findings.flatMap(({ check, verdict, found, mend }) => [
    `${marks[verdict]}  ${check.padEnd(width)}  ${found}`,
    ...(mend === null ? [] : [`${' '.repeat(width + 8)}${pc.dim(mend)}`]),
  ])
  const failed = findings.filter(each => each.verdict === 'fail').length
  const summary =
    failed === 0 ? 'Nothing is wrong.' : `${failed} of ${findings.length} checks failed.`
  return `${lines.join('\n')}\n\n${pc.bold(summary)}\n`
}
