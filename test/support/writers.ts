import assert from 'node:assert/strict'
import { envelopeOf, indicators, newVersionOf } from './indicators.ts'

const WRITERS = 8
const ENVELOPES = 30
const NEW_OBJECTS = 4
const SHARED = 6

/** What was written and acknowledged. */
export interface Written {
  /** `id modified` of every version, in no order. */
  readonly written: readonly string[]
  /** The newest version of each object. */
  readonly newest: ReadonlyMap<string, string>
}

/**
 * Eight writers that post small envelopes at once, each with new objects, a new version of one of its own, and a version
 * of an object that all of them write, in no order of time.
 * @param to several addresses of one site: the writers take turns
 */
export async function writers(to: {
  readonly urls: readonly string[]
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}): Promise<Written> {
  const written: string[] = []
  const shared = indicators(SHARED, { seed: 500 })
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const own = indicators(ENVELOPES * NEW_OBJECTS, { seed: writer + 1 })
      for (let turn = 0; turn < ENVELOPES; turn += 1) {
        const fresh = own.slice(turn * NEW_OBJECTS, (turn + 1) * NEW_OBJECTS)
        const again = newVersionOf(own[Math.floor(turn / 2)] ?? '', momentOf(turn, writer))
        // 7 and 8 share no factor with the counts, so every shared object gets versions from all, up and down in time
        const common = newVersionOf(
          shared[(turn * 7 + writer) % SHARED] ?? '',
          momentOf((turn * 7) % ENVELOPES, writer),
        )
        const texts = [...fresh, again, common]
        const url = (to.urls[(writer + turn) % to.urls.length] ?? '') + to.path
        const response = await fetch(url, { method: 'POST', headers: to.headers, body: envelopeOf(texts) })
        const status = (await response.json()) as { success_count: number }
        assert.equal(response.status, 202, JSON.stringify(status))
        assert.equal(status.success_count, texts.length, JSON.stringify(status))
        written.push(...texts.map(nameOf))
      }
    }),
  )
  const newest = new Map<string, string>()
  for (const name of written) {
    const [id = '', modified = ''] = name.split(' ')
    if (modified > (newest.get(id) ?? '')) newest.set(id, modified)
  }
  return { written, newest }
}

function momentOf(turn: number, writer: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `2027-01-01T${two(writer)}:${two(turn)}:00.000Z`
}

function nameOf(text: string): string {
  const { id, modified } = JSON.parse(text) as { id: string; modified: string }
  return `${id} ${modified}`
}
