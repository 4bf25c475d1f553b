import Table from 'cli-table3'
import type { DemoReport } from './demo-report.ts'
import { formatDecimal } from '../../domain/money.ts'

/** What became of each company's week, for people. */
export function demoText(report: DemoReport): string {
  return [...report.others, report].map(companyText).join('\n\n')
}

/** The closing table for people: where the customers' money went, by currency. */
function companyText(report: DemoReport): string {
  const lines = [
    `Environment ${report.environment}`,
    `${report.purchases} purchases, ${report.orders} orders of goods and ${report.services} of services, ${report.sellers.total} sellers (${report.sellers.ready} ready to be paid).`,
    `${report.payments.captured} payments captured, ${report.payments.canceled} canceled; ${report.transfers} transfers, ${report.collections} collections, ${report.credits} credits, ${report.payouts} payouts.`,
    `${report.refunds} refunds, ${report.reversals} reversals; ${report.restitutions} given back to sellers. Disputes: ${countsText(report.disputes)}.`,
    ...Object.entries(report.debts).map(([currency, sums]) => debtText(currency, sums)),
    `On hold: ${countsText(report.onHold)}. Set aside: ${report.setAside}.`,
    `Ledger: every currency added up to zero after ${report.ledger.balancedDays} of ${report.ledger.days} days; ${report.ledger.accounts} balances of sellers were compared with Stripe's.`,
    `Faults on the way: ${countsText(report.faults)}.`,
    '',
    equationTable(report),
    '',
    report.balanced
      ? `Balanced to the last unit: ${report.transferredOrders} of ${report.payableOrders} payable orders were transferred, each exactly once${report.taxedOrders === 0 ? '' : `; the taxes of ${report.taxedOrders} are at the tax account`}.`
      : `NOT BALANCED:\n${report.problems.map(problem => `  ${problem}`).join('\n')}`,
  ]
  return lines.join('\n')
}

const terms: readonly (readonly [string, string])[] = [
  ['customersPaid', 'customers paid (Stripe)'],
  ['refunded', 'refunded to customers'],
  ['disputed', 'taken by disputes'],
  ['toSellers', 'to sellers'],
  ['commission', 'commission'],
  ['taxesKept', 'taxes kept'],
  ['ownGoods', 'operator’s own goods'],
  ['operatorFunding', 'promotions of the operator'],
  ['disputesBorne', 'disputes borne by the operator'],
  ['held', 'held for sellers'],
  ['owedBySellers', 'owed by sellers for refunds'],
  ['remainders', 'remainders'],
  ['rounding', 'rounding'],
  ['difference', 'difference'],
]

function equationTable(report: DemoReport): string {
  const currencies = Object.keys(report.equation)
  const table = new Table({
    head: ['', ...currencies],
    colAligns: ['left', ...currencies.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  })
  for (const [term, title] of terms) {
    table.push([title, ...currencies.map(currency => amountText(report, currency, term))])
  }
  return table.toString()
}

function amountText(report: DemoReport, currency: string, term: string): string {
  const equation = report.equation[currency] as Record<string, string | Record<string, string>>
  const value = equation[term] ?? '0'
  const parts = typeof value === 'string' ? [value] : Object.values(value)
  const amount = parts.reduce((sum, part) => sum + BigInt(part), 0n)
  return formatDecimal({ amount, currency })
}

function debtText(
  currency: string,
  { written, setOff, open }: DemoReport['debts'][string],
): string {
  const text = (minor: string): string => formatDecimal({ amount: BigInt(minor), currency })
  return `Debts of sellers in ${currency}: ${text(written)} written, ${text(setOff)} set off against payouts, ${text(open)} open.`
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}
