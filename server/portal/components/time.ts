import { type Html, html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** A moment in the zone of whoever reads, with UTC when pointed at. */
export function time(visit: Pick<OpenVisit, 'account' | 'language'>, micros: number): Html {
  const utc = new Date(micros / 1000).toISOString()
  const text = formatOf(visit.language, visit.account?.timeZone ?? 'UTC').format(micros / 1000)
  return html`<time datetime="${utc}" title="${utc.slice(0, 19).replace('T', ' ')} UTC">${text}</time>`
}

/** Making a format costs more than a row of a table. */
function formatOf(language: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${language} ${timeZone}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(language, {
      timeZone,
      dateStyle: 'medium',
      timeStyle: 'short',
    })
    if (formats.size < 1000) formats.set(key, format)
  }
  return format
}
