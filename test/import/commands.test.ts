import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { adminFace } from '../../server/admin/face.ts'
import { socketAdmin } from '../../server/admin/socket-admin.ts'
import { runCommandLine } from '../../server/cli/main.ts'
import { scratch } from '../support/database.ts'
import { envelopeOf, indicators } from '../support/indicators.ts'
import { PASSWORD, testSite } from '../support/site.ts'
import { importBytes } from './support/intake.ts'

const place = await scratch()
after(() => place.remove())
const env = { VOUCHSAFE_DATA: place.folder, ...(place.url ? { DATABASE_URL: place.url } : {}) }

/** Runs a command line and gives its exit code, output, and the JSON that it printed. */
async function vouchsafe(args: readonly string[], input: string | Uint8Array = '') {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const outputs = Promise.all([text(stdout), text(stderr)])
  const code = await runCommandLine(args, { env, stdin: Readable.from([Buffer.from(input)]), stdout, stderr })
  stdout.end()
  stderr.end()
  const [out, err] = await outputs
  return { code, out, err, json: args.includes('--json') ? (JSON.parse(out) as Record<string, unknown>) : {} }
}

const file = (name: string) => join(place.folder, name)
const texts = indicators(1500, { seed: 21 })
await vouchsafe(['init', '--json'])
for (const alias of ['region', 'copy', 'again']) {
  await vouchsafe(['collection', 'add', alias, '--alias', alias, '--label', 'tlp:red', '--json'])
}

describe('import', () => {
  it('takes several files and ends with counts', async () => {
    await writeFile(file('a.json'), envelopeOf(texts.slice(0, 1000)))
    await writeFile(file('b.ndjson.gz'), gzipSync([...texts.slice(900), '{"type":"x"}'].join('\n')))
    const { code, json, err } = await vouchsafe([
      'import',
      file('a.json'),
      file('b.ndjson.gz'),
      '--collection',
      'region',
      '--json',
    ])
    assert.equal(code, 0, err)
    assert.partialDeepStrictEqual(json, { added: 1500, known: 100, refused: 1, problem: null, resumed_after: 0 })
    assert.partialDeepStrictEqual((json['refusals'] as object[])[0], {
      file: file('b.ndjson.gz'),
      line: 601,
      pointer: '',
    })
  })

  it('takes standard input, and prints refusals and a table for people', async () => {
    const { code, out, err } = await vouchsafe(
      ['import', '-', '--collection', 'region'],
      `${texts[0] ?? ''}\n{"type":"x"}\n`,
    )
    assert.equal(code, 0)
    assert.match(err, /refused on line 2: unknown: /)
    assert.match(out, /^all +- +1 +1$/m)
  })

  it('says where a file is broken, and ends with 1', async () => {
    const { code, json } = await vouchsafe(['import', '-', '--collection', 'region', '--json'], `[${texts[0] ?? ''},]`)
    assert.equal(code, 1)
    assert.partialDeepStrictEqual(json, { known: 1, problem: { file: '-', line: 1 } })
  })

  for (const [what, args] of [
    ['no collection', ['import', 'x']],
    ['no file', ['import', '--collection', 'region']],
    ['a file that is not there', ['import', file('none'), '--collection', 'region']],
    ['a file and a URL', ['import', 'x', '--from', 'https://x.example/', '--collection', 'region']],
    ['an option of --from', ['import', '-', '--dry-run', '--collection', 'region']],
    ['a user without a password', ['import', '--from', 'https://x.example/', '--user', 'a', '--collection', 'region']],
    ['a format that there is not', ['export', '--collection', 'region', '--format', 'csv']],
    ['--json without a file', ['export', '--collection', 'region', '--json']],
  ] as const) {
    it(`refuses ${what} before it does anything`, async () => {
      assert.equal((await vouchsafe(args)).code, 2)
    })
  }

  it('copies from another server, rehearsed first', async () => {
    await using there = await testSite()
    const made = await there.addCollection({ alias: 'source' })
    await there.addUser('copier', { read: ['source'] })
    await importBytes(there, 'source', texts.slice(0, 300).join('\n'))
    const from = ['--from', `${there.url}${made.api_root}`, '--from-collection', 'source']
    const args = ['import', ...from, '--collection', 'copy', '--user', 'copier', '--password-stdin', '--json']
    const dry = await vouchsafe([...args, '--dry-run'], `${PASSWORD}\n`)
    assert.equal(dry.code, 0, dry.err)
    assert.partialDeepStrictEqual(dry.json, { added: 300, dry_run: true })
    assert.partialDeepStrictEqual((await vouchsafe(args, PASSWORD)).json, { added: 300, known: 0, problem: null })
    assert.partialDeepStrictEqual((await vouchsafe(args, PASSWORD)).json, { added: 0, known: 0, continued: true })
    const denied = await vouchsafe(args, 'wrong')
    assert.equal(denied.code, 1)
    assert.doesNotMatch(denied.out + denied.err, /wrong/)
  })
})

describe('export', () => {
  it('writes a new file for its owner only, and what it has can be imported again', async () => {
    const output = file('region.json')
    const args = ['export', '--collection', 'region', '--all-versions', '--output', output, '--json']
    const { code, json } = await vouchsafe(args)
    assert.equal(code, 0)
    const { size, mode } = await stat(output)
    assert.partialDeepStrictEqual(json, { objects: 1500, bytes: size, format: 'bundle', file: output })
    assert.equal(mode & 0o777, 0o600)
    assert.equal((await vouchsafe(args)).code, 2, 'nothing is written over')
    const back = await vouchsafe(['import', output, '--collection', 'again', '--json'])
    assert.partialDeepStrictEqual(back.json, { added: 1500, refused: 0 })
  })

  it('writes to standard output', async () => {
    const { out, code } = await vouchsafe(['export', '--collection', 'copy', '--format', 'ndjson'])
    assert.equal(code, 0)
    assert.deepEqual(out.trimEnd().split('\n'), texts.slice(0, 300))
  })
})

describe('while a server has the database', () => {
  it('files go in and views come out over its socket; an upload that breaks off can be resumed', async () => {
    await using site = await testSite()
    await site.addCollection({ alias: 'region' })
    const face = adminFace(site.context)
    const socket = join(site.place.folder, 'test.sock')
    const server: Server = createServer(face.listener).listen(socket)
    await once(server, 'listening')
    try {
      const admin = socketAdmin(socket)
      const bytes = Buffer.from(`{"objects":[${indicators(5000, { seed: 22 }).join()}]}`)
      const args = { collection: 'region', upgrade: false, size: bytes.length, fingerprint: 'a'.repeat(64) }
      let sent = 0
      async function* upTo(limit: number) {
        for (; sent < limit; sent += 65_536) yield bytes.subarray(sent, Math.min(sent + 65_536, limit))
        if (limit < bytes.length) throw new Error('the line went')
      }
      await assert.rejects(admin.upload('import', args, upTo(3_000_000)), /the line went/)
      await face.idle(10_000)
      sent = 0
      const report = await admin.upload('import', args, upTo(bytes.length))
      assert.ok(report.resumed_after >= 1000)
      assert.deepEqual([report.added + report.resumed_after, report.known, report.problem], [5000, 0, null])
      const parts: Uint8Array[] = []
      const wanted = { collection: 'region', format: 'envelope' as const, all_versions: false, types: [] }
      const done = await admin.download('export', wanted, async (part) => void parts.push(part))
      assert.equal(done.objects, 5000)
      assert.equal(Buffer.concat(parts).toString(), `${bytes.toString()}\n`)
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})

it('what was exported is what the file has', async () => {
  const bundle = JSON.parse(await readFile(file('region.json'), 'utf8')) as { readonly objects: readonly unknown[] }
  assert.equal(bundle.objects.length, 1500)
})
