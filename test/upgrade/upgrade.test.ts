import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import { loadConfig } from '../../server/config/load.ts'
import { createLog } from '../../server/log.ts'
import { openCore, startServer } from '../../server/main.ts'
import { openEmbedded } from '../../server/storage/embedded.ts'
import { openScratch, scratch, type Scratch } from '../support/database.ts'
import { TAXII } from '../support/site.ts'

/** What a release wrote down about its own data before it was packed. */
interface Expected {
  readonly id: string
  readonly api_root: string
  readonly authorization: string
  readonly status: string
  readonly next: string
  readonly versions: number
  /** Of the manifest of all versions, as JSON. */
  readonly sha256: string
}

const kind = process.env['TEST_DATABASE_URL'] ? 'postgres' : 'embedded'
const releases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

/** Puts a release's data into a scratch place, as an operator would find it before the upgrade. */
async function unpack(release: string, place: Scratch) {
  const folder = join(import.meta.dirname, release)
  if (!place.url) {
    const dump = zstdDecompressSync(readFileSync(join(folder, 'embedded.tar.zst')))
    return await openEmbedded(join(place.folder, 'database'), new Blob([dump]))
  }
  const dump = zstdDecompressSync(readFileSync(join(folder, 'postgres.sql.zst')))
  const loaded = spawnSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', place.url], { input: dump })
  assert.equal(loaded.status, 0, String(loaded.stderr))
  return await openScratch(place)
}

const psql = kind === 'embedded' || spawnSync('psql', ['--version']).status === 0
describe(`data of earlier releases on the ${kind} database`, { skip: psql ? false : 'psql is not installed' }, () => {
  for (const release of releases) {
    it(`${release}: after the upgrade nothing is lost`, async () => {
      const expected = JSON.parse(readFileSync(join(import.meta.dirname, release, `${kind}.json`), 'utf8')) as Expected
      const place = await scratch()
      const loaded = loadConfig(place.url ? { DATABASE_URL: place.url } : {}, {
        overrides: { data_folder: place.folder, listen_port: 0, log_level: 'silent' },
      })
      assert.ok(loaded.ok)
      const database = await unpack(release, place)
      const server = await startServer(await openCore(loaded.config, createLog(loaded.config), { database }))
      const headers = { accept: TAXII, authorization: expected.authorization }
      const collection = `${server.url}${expected.api_root}collections/${expected.id}`
      try {
        const manifest: { readonly id: string }[] = []
        for (let query = '', more = true; more;) {
          const answer = await fetch(`${collection}/manifest/?match[version]=all${query}`, { headers })
          const page = (await answer.json()) as { more?: boolean; next?: string; objects: { id: string }[] }
          manifest.push(...page.objects)
          more = page.more === true
          query = `&next=${page.next}`
        }
        assert.equal(manifest.length, expected.versions, 'every version')
        const digest = createHash('sha256').update(JSON.stringify(manifest)).digest('hex')
        assert.equal(digest, expected.sha256, 'with its id, its date and its text')

        let objects = 0
        for (let query = `&next=${expected.next}`, more = true; more;) {
          const answer = await fetch(`${collection}/objects/?limit=100${query}`, { headers })
          assert.equal(answer.status, 200, 'a page token of before goes on')
          const page = (await answer.json()) as { more?: boolean; next?: string; objects: unknown[] }
          objects += page.objects.length
          more = page.more === true
          query = `&next=${page.next}`
        }
        assert.equal(objects, newestIds(manifest) - 100, 'from where it was')

        const status = await fetch(`${server.url}${expected.api_root}status/${expected.status}/`, { headers })
        // kept for 72 hours of the clock by which it was made: its account may have outlived it, but not changed it
        assert.ok([200, 404].includes(status.status))
      } finally {
        await server.close()
        await place.remove()
      }
    })
  }
})

/** How many ids a manifest has: a default poll gives the newest version of each. */
function newestIds(manifest: readonly { readonly id: string }[]): number {
  return new Set(manifest.map(({ id }) => id)).size
}
