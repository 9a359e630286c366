import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { type Scratch, scratch, TEST_DATABASE_URL } from '../support/database.ts'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { checkChains } from '../support/ledger-check.ts'
import { poll } from '../support/poll.ts'
import { openSite, prepareSite, startProcess } from '../support/serve-process.ts'
import { TAXII } from '../support/site.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
const MIB = 1024 ** 2
/** Nearly nothing; and what a table could still use, but not a further segment of the database's log (16 MB). */
const ROOMS_LEFT = [1 * MIB, 14 * MIB]
const OBJECTS = 500

/** Why this cannot be tried here; undefined when it can. The disk of a PostgreSQL belongs to whoever runs it. */
async function reasonToSkip(place: Scratch): Promise<string | undefined> {
  if (TEST_DATABASE_URL) return 'the disk of PostgreSQL is not ours to fill'
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=256m', 'tmpfs', place.folder])
    return undefined
  } catch {
    return 'a small file system cannot be mounted here: run as root'
  }
}

for (const roomLeft of ROOMS_LEFT)
  it(`a disk with ${roomLeft / MIB} MiB left refuses what it cannot keep, keeps nothing by half, and all is normal when there is room`, async (test) => {
    const place = await scratch()
    const reason = await reasonToSkip(place)
    if (reason !== undefined) {
      await place.remove()
      test.skip(reason)
      return
    }
    try {
      const site = await prepareSite(place)
      await using server = await startProcess(place)
      const url = server.url + site.objects
      const stored: string[] = []
      let seed = 0
      const post = async () => {
        const texts = indicators(OBJECTS, { seed: (seed += 1) })
        const headers = { ...site.headers, 'content-type': TAXII }
        const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(envelopeOf(texts)) })
        const body = (await response.json()) as Record<string, unknown>
        if (response.status === 202) stored.push(...texts.map(idOf))
        return { status: response.status, retryAfter: response.headers.get('retry-after'), body }
      }
      assert.equal((await post()).status, 202)

      const filler = join(place.folder, 'filler')
      const { bavail, bsize } = await statfs(place.folder)
      await writeFile(filler, Buffer.alloc(Math.max(bavail * bsize - roomLeft, 0)))
      let refused = await post()
      for (let turn = 0; turn < 60 && refused.status === 202; turn += 1) refused = await post()
      assert.ok(refused.status === 507 || refused.status === 503, JSON.stringify(refused))
      assert.equal(refused.body['http_status'], String(refused.status))
      assert.ok(Number(refused.retryAfter) > 0)

      // a read that cannot be put into the audit is refused as well; those of a minute that is there already go on
      const read = await fetch(`${url}?limit=1`, { headers: site.headers })
      assert.ok(read.status === 200 || read.status === 507, String(read.status))
      assert.ok(typeof (await read.json()) === 'object')
      const again = await post()
      assert.ok(again.status === 507 || again.status === 503 || again.status === 202, JSON.stringify(again))
      assert.equal((await fetch(`${server.url}/healthz`)).status, 200)

      await rm(filler)
      await until(async () => (await post()).status === 202, 10_000)
      const after = await poll({ url, headers: site.headers, by: 'next', isOver: () => true })
      assert.deepEqual(after.objects.map(({ id }) => id).toSorted(), stored.toSorted())
      await server.stop()

      await using core = await openSite(place)
      const { releases } = await checkChains(core.context, site.collectionId)
      assert.equal(releases, stored.length)
    } finally {
      await run('umount', ['-l', place.folder])
      await place.remove()
    }
  })

function idOf(text: string): string {
  return (JSON.parse(text) as { id: string }).id
}
