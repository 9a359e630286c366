import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'
import type { EmbeddedDatabase } from '../../server/storage/embedded.ts'
import { newVersionOf, indicators } from '../support/indicators.ts'
import { movableClock } from '../support/movable-clock.ts'
import { post, testSite } from '../support/site.ts'

/**
 * Makes what a release leaves behind for the next ones to upgrade: `node test/upgrade/make.ts`, once for each database
 * (TEST_DATABASE_URL selects PostgreSQL), right before the release. The files go to a folder named after the version.
 */
const project = join(import.meta.dirname, '../..')
const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string }
const folder = join(import.meta.dirname, version)
mkdirSync(folder, { recursive: true })

const site = await testSite({ clock: movableClock('2026-11-21T08:00:00Z') })
const { api_root, id } = await site.addCollection({ alias: 'region' })
const headers = await site.addUser('keeper', { read: ['region'], write: ['region'] })
const { authorization } = await site.addToken('keeper')
const objects = `${site.url}${api_root}collections/region/objects/`

const texts = indicators(1200, { seed: 7 })
await post(objects, headers, texts.slice(0, 700).map(parsed))
const last = await post(objects, headers, texts.slice(700).map(parsed))
const renewed = texts.slice(0, 40).map((text) => newVersionOf(text, '2026-11-20T00:00:00.000Z'))
await post(objects, headers, renewed.map(parsed))
for (const text of texts.slice(50, 60)) {
  await fetch(`${objects}${String(parsed(text)['id'])}/`, { method: 'DELETE', headers })
}
const { next } = (await (await fetch(`${objects}?limit=100`, { headers })).json()) as { next: string }

const manifest: unknown[] = []
for (let cursor = '', more = true; more;) {
  const answer = await fetch(`${objects.replace(/objects\/$/, 'manifest/')}?match[version]=all${cursor}`, { headers })
  const body = (await answer.json()) as { more?: boolean; next?: string; objects: unknown[] }
  manifest.push(...body.objects)
  more = body.more === true
  cursor = `&next=${body.next}`
}
const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex')

if (site.context.database.kind === 'embedded') {
  const { pglite } = site.context.database as EmbeddedDatabase
  const dump = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer())
  const packed = zstdCompressSync(dump, { params: { [constants.ZSTD_c_compressionLevel]: 19 } })
  writeFileSync(join(folder, 'embedded.tar.zst'), packed)
} else {
  const dump = execFileSync('pg_dump', ['--no-owner', '--no-privileges', site.place.url ?? ''], { maxBuffer: 1 << 28 })
  const packed = zstdCompressSync(dump, { params: { [constants.ZSTD_c_compressionLevel]: 19 } })
  writeFileSync(join(folder, 'postgres.sql.zst'), packed)
}
writeFileSync(
  join(folder, `${site.context.database.kind}.json`),
  `${JSON.stringify({ id, api_root, authorization, status: last.body['id'], next, versions: manifest.length, sha256 }, null, 1)}\n`,
)
await site.close()

function parsed(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>
}
