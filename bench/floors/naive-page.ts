import { createServer } from 'node:http'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'

/**
 * The floor of filtered reading: what a first version of such a server does. Rows as jsonb, parsed by the driver, and
 * the page written with JSON.stringify. Arguments: port, and the folder of an embedded database or else the
 * address of a PostgreSQL one.
 */
const [port, place = ''] = process.argv.slice(2)
const PAGE = 1000
const SELECT = `select date_added, body from naive_release
                 where collection_no = $1 and type = $2 and date_added > $3 order by date_added limit ${PAGE + 1}`

interface NaiveRow {
  readonly date_added: string | number
  readonly body: unknown
}

const select = await open()

async function open(): Promise<(values: unknown[]) => Promise<readonly NaiveRow[]>> {
  if (!place.startsWith('/')) {
    const pool = new pg.Pool({ connectionString: place, max: 6 })
    return async (values) => (await pool.query<NaiveRow>({ name: 'page', text: SELECT, values })).rows
  }
  const database = await PGlite.create(place)
  return async (values) => (await database.query<NaiveRow>(SELECT, values)).rows
}

createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  void page(Number(url.searchParams.get('after') ?? 0)).then((body) => {
    response.writeHead(200, { 'Content-Type': 'application/taxii+json;version=2.1', 'Content-Length': body.length })
    response.end(body)
  })
}).listen(Number(port), '127.0.0.1')

async function page(after: number): Promise<Buffer> {
  const rows = await select([1, 'indicator', after])
  const objects = rows.slice(0, PAGE).map((row) => row.body)
  const more = rows.length > PAGE
  return Buffer.from(JSON.stringify({ more, ...(more ? { next: String(rows[PAGE - 1]?.date_added) } : {}), objects }))
}
