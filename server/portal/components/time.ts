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
    format = newFormat(language, timeZone)
    if (formats.size < 1000) formats.set(key, format)
  }
  return format
}

/** A zone that is not known, because another release or another Node.js knew it, must not break every page of its owner. */
function newFormat(language: string, timeZone: string): Intl.DateTimeFormat {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const
  try {
    return new Intl.DateTimeFormat(language, { ...style, timeZone })
  } catch {
    return new Intl.DateTimeFormat(language, { ...style, timeZone: 'UTC' })
  }
}
