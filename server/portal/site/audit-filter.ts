import type { AuditFilter } from '../../storage/audit-reading.ts'
import { selectField, textField } from '../components/field.ts'
import { form } from '../components/form.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

const DAY_MICROS = 86_400_000_000
const FIELDS = ['kind', 'actor', 'from', 'to', 'text'] as const

/** What the visitor looks for, and the days that are none. */
export interface GivenFilter {
  readonly filter: AuditFilter
  readonly mistakes: Readonly<Record<string, string>>
  /** As it was given, for links and for the form. */
  readonly given: URLSearchParams
}

/** Reads the filter out of an address or a form. */
export function filterOf(visit: Pick<Visit, 'words'>, from: URLSearchParams): GivenFilter {
  const given = new URLSearchParams()
  for (const name of FIELDS) {
    const value = line(from, name).slice(0, 200)
    if (value !== '') given.set(name, value)
  }
  const mistakes: Record<string, string> = {}
  const day = (name: 'from' | 'to') => {
    const text = given.get(name)
    if (text === null) return undefined
    const millis = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
    if (!Number.isNaN(millis)) return millis * 1000
    mistakes[name] = visit.words.audit.badDate
    return undefined
  }
  const to = day('to')
  const filter = {
    kind: given.get('kind') ?? undefined,
    actor: given.get('actor') ?? undefined,
    text: given.get('text') ?? undefined,
    fromMicros: day('from'),
    untilMicros: to === undefined ? undefined : to + DAY_MICROS,
  }
  return { filter, mistakes, given }
}

/** The filter as a form; its answer is an address that can be kept. */
export function filterForm(visit: Visit, { given, mistakes }: GivenFilter, kinds: readonly string[]): Html {
  const { words } = visit
  const field = (name: (typeof FIELDS)[number], label: string, hint?: string) => ({
    name,
    label,
    hint,
    mistake: mistakes[name],
    value: given.get(name) ?? '',
  })
  const options: readonly (readonly [string, string])[] = [
    ['', words.audit.anyKind],
    ...kinds.map((kind) => [kind, words.audit.kinds(kind)] as const),
  ]
  return form(visit, {
    action: '/site/audit',
    method: 'get',
    submit: words.audit.show,
    tone: 'quiet',
    beside: given.size > 0 && html`<a href="/site/audit">${words.audit.reset}</a>`,
    fields: html`${selectField({ ...field('kind', words.audit.kind), options })}
    ${textField({ ...field('actor', words.audit.actor, words.audit.actorHint), maxLength: 200 })}
    ${textField({ ...field('from', words.audit.from), type: 'date' })}
    ${textField({ ...field('to', words.audit.to), type: 'date' })}
    ${textField({ ...field('text', words.audit.text, words.audit.textHint), maxLength: 200 })}`,
  })
}

/** The filter as hidden fields of another form. */
export function filterFields({ given }: GivenFilter): Html {
  return html`${[...given].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}`
}

/** The filter as facts, for a page that says what a file will hold; empty for no filter. */
export function filterFacts(visit: Visit, { given }: GivenFilter): readonly (readonly [string, string])[] {
  const { audit } = visit.words
  const labels = { kind: audit.kind, actor: audit.actor, from: audit.from, to: audit.to, text: audit.text }
  return FIELDS.flatMap((name) => {
    const value = given.get(name)
    return value === null ? [] : [[labels[name], name === 'kind' ? audit.kinds(value) : value] as const]
  })
}

/** The address of the audit with the filter, and other parameters. */
export function filterPath(path: string, { given }: GivenFilter, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(given)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return query.size === 0 ? path : `${path}?${query.toString()}`
}
