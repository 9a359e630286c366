import { timestampOf } from '../clock.ts'
import type { HISTORY_COLUMNS, PortalSource, SourceRow } from '../storage/portal-source.ts'
import { cleanLine, someText, someTime } from './none.ts'

/** What looks like a stored secret: hashes of crypt(3), SHA-256 in hexadecimal, OpenPGP blocks. */
const SECRETS = /\$(?:1|2[abxy]?|5|6|y|gy|argon2[a-z]*)\$|\b[0-9a-f]{40,}\b|-----BEGIN|pass(?:word|phrase|wd)\s*[=:]/i

/**
 * What was done in another portal, as lines of JSON for a file: who, when and what. Of a row that holds a whole SQL
 * statement the verb and the table are all that is read; of a sentence that seems to hold a secret nothing is kept.
 */
export async function* historyLines(source: PortalSource): AsyncGenerator<string> {
  for await (const rows of source.history()) {
    yield rows.map((row) => `${JSON.stringify(safeRow(row))}\n`).join('')
  }
}

function safeRow(row: SourceRow<typeof HISTORY_COLUMNS>): object {
  const at = someTime(row.entered)
  return {
    at: at === undefined ? null : timestampOf(at),
    by: someText(row.member) ?? null,
    about: someText(row.username) ?? null,
    group: someText(row.trustgroup) ?? null,
    ...(row.statement === null ? { what: safeText(row.sentence ?? '') } : { sql: statement(row.statement) }),
  }
}

function statement(text: string): string {
  return text === '' ? 'another statement' : text.toLowerCase().replaceAll(/\s+/g, ' ')
}

function safeText(text: string): string {
  return SECRETS.test(text) ? '(left out: it looks as if it held a secret)' : cleanLine(text, 1000)
}
