import type { ChainedRecord } from '../../storage/audit-reading.ts'
import { hexOf } from '../../backup/chain-report.ts'
import { disclosure } from '../components/disclosure.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

type Detail = Readonly<Record<string, string | number | boolean | null>>

/** A record as cells: when, who did what in a sentence, and the record itself. Details are hostile text: paths, names. */
export function recordCells(
  visit: Pick<Visit, 'words' | 'account' | 'language'>,
  record: ChainedRecord,
): readonly Html[] {
  const { audit } = visit.words
  const raw = JSON.stringify({ ...plain(record), hash: hexOf(record.hash) }, null, 1)
  return [
    time(visit, record.at_micros),
    html`<p><strong>${record.actor}</strong> ${sentenceOf(visit, record)}</p>
      ${disclosure(audit.raw(record.seq), html`<pre><code>${raw}</code></pre>`)}`,
  ]
}

/** What happened, in words that follow the actor's name. */
export function sentenceOf({ words }: Pick<Visit, 'words'>, record: Pick<ChainedRecord, 'kind' | 'detail'>): string {
  const sentence = Object.hasOwn(words.audit.sentences, record.kind) ? words.audit.sentences[record.kind] : undefined
  return sentence ? sentence(detailOf(record)) : words.audit.kinds(record.kind)
}

function plain({ seq, at_micros, kind, actor, ...record }: ChainedRecord) {
  return { seq, at_micros, kind, actor, detail: detailOf(record) }
}

/** Null prototype: a record of a damaged database may hold any JSON. */
function detailOf({ detail }: Pick<ChainedRecord, 'detail'>): Detail {
  try {
    const value: unknown = JSON.parse(detail)
    return typeof value === 'object' && value !== null ? Object.assign(Object.create(null), value) : {}
  } catch {
    return { unreadable: detail }
  }
}
