import { isMet, type Result } from './result.ts'

const COLUMNS = ['work', 'measured', 'floor', 'ratio', 'must reach', 'met', 'where the time goes'] as const

/** The results as a Markdown table. */
export function table(results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.work,
    `${number(result.value)} ${result.unit}`,
    result.floor === undefined ? '' : number(result.floor),
    result.ratio === undefined ? '' : result.ratio.toFixed(2),
    targetText(result),
    result.target ? (isMet(result) ? 'yes' : '**no**') : '',
    result.detail ?? '',
  ])
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line)].join('\n')
}

function targetText({ target }: Result): string {
  if (!target) return ''
  const { atLeast, atMost } = target
  if (atLeast !== undefined && atLeast === atMost) return number(atLeast)
  return atLeast === undefined ? `≤ ${number(atMost ?? 0)}` : `≥ ${number(atLeast)}`
}

/** Three significant digits, thousands apart. */
function number(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: value < 1000 ? 3 : 4 })
}
