import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import fc from 'fast-check'
import { TAXII, testSite } from '../support/site.ts'

const RUNS = 300
const SEED = Number(process.env['TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const site = await testSite()
after(() => site.close())
const { api_root } = await site.addCollection({ alias: 'region' })
await site.addUser('poller', { read: ['region'], write: ['region'] })
const headers = await site.addToken('poller')
const collection = `${site.url}${api_root}collections/region/`

const uuids = fc.uuid({ version: [1, 3, 4, 5] }).chain((uuid) => fc.constantFrom(uuid, uuid.toUpperCase()))
const moments = fc
  .tuple(
    fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9]{1,9}$/), fc.stringMatching(/^[09]{1,90}$/)),
    fc.constantFrom(0, 0, 0, 1, 2),
  )
  .map(([date, fraction, edge]) => {
    const seconds =
      edge === 0 ? date.toISOString().slice(-24, -5) : edge === 1 ? '9999-12-31T23:59:59' : '0001-01-01T00:00:00'
    return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`
  })
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '\0',
    '\ud800',
    '\u2028',
    '\u{1f480}',
    '\\',
    '"',
    "'; drop table release; --",
    '%00',
    '${x}',
    '{}',
    'é'.repeat(3000),
  ),
)
const numbers = fc.constantFrom(
  '0',
  '-0',
  '1.0',
  '1e2',
  '1E400',
  '12345678901234567890',
  '0.1',
  '5e-324',
  '9007199254740993',
  '1e-400',
)

/** JSON texts of any value, so that numbers keep their spelling. */
const values: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    numbers,
    fc.constantFrom('null', 'true', '[]', '{}'),
    texts.map((text) => JSON.stringify(text)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' , ')}]`),
    fc
      .uniqueArray(
        fc.tuple(fc.oneof(fc.constantFrom('a', 'constructor', 'type', 'id', '\\', '"', '\n'), texts), tie('value')),
        {
          maxLength: 3,
          selector: ([key]) => key,
        },
      )
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
  ),
})).value

const customs = fc
  .uniqueArray(
    fc.tuple(
      fc.oneof(
        fc.stringMatching(/^x_[a-z0-9_]{1,12}$/),
        fc.constantFrom('lang', 'labels', 'confidence', 'defanged', 'name', 'value'),
      ),
      values,
    ),
    {
      maxLength: 4,
      selector: ([key]) => key,
    },
  )
  .map((members) => members.map(([key, value]) => `,${JSON.stringify(key)}:${value}`).join(''))

/** Texts of objects that are often valid: versioned and unversioned, known and custom. */
const objects = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('identity', 'indicator', 'note', 'ipv4-addr', 'mutex', 'x-thing'),
      fc.stringMatching(/^x-[a-z]{1,40}$/),
    ),
    uuids,
    fc.tuple(moments, moments).map((pair) => pair.toSorted()),
    customs,
  )
  .map(([type, uuid, [created = '', modified = ''], custom]) => {
    const head = `{"type":"${type}","spec_version":"2.1","id":"${type}--${uuid}"`
    const dates = `,"created":"${created}","modified":"${modified}"`
    const rest: Readonly<Record<string, string>> = {
      identity: `${dates},"name":"n"`,
      indicator: `${dates},"pattern":"[a:b = 1]","pattern_type":"stix","valid_from":"${created}"`,
      note: `${dates},"content":"c","object_refs":["identity--${uuid}"]`,
      'ipv4-addr': ',"value":"198.51.100.1"',
      mutex: ',"name":"m"',
    }
    // a property that stands there already would be a double key
    const known = rest[type] ?? (uuid.length % 2 === 0 ? dates : '')
    const own = custom.replace(/^,"(?:name|value)":/, ',"x_renamed":').replaceAll(/,"(?:name|value)":/g, ',"x_again":')
    return `${head}${known}${own}}`
  })

/** Ids differ in spelling from run to run: the same object twice is a duplicate, the same version otherwise a conflict. */
it(`an object that passes validation can never make a later read fail (seed ${SEED})`, async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(objects, async (text) => {
      const posted = await fetch(`${collection}objects/`, {
        method: 'POST',
        headers: { ...headers, 'content-type': TAXII },
        body: `{"objects":[${text}]}`,
      })
      const status = (await posted.json()) as Status
      assert.ok([202, 400, 422].includes(posted.status), `${posted.status} ${JSON.stringify(status)} ${text}`)
      const [success] = status.successes ?? []
      if (!success) return
      accepted += 1
      await canBeRead(text, success)
    }),
    { numRuns: RUNS, seed: SEED },
  )
  assert.ok(accepted > RUNS / 10, `only ${accepted} objects were accepted: the test shows little`)
  await everythingCanBeRead()
})

interface Detail {
  readonly id: string
  readonly version: string
}

interface Status {
  readonly successes?: readonly Detail[]
}

async function canBeRead(text: string, { id, version }: Detail): Promise<void> {
  const { type } = JSON.parse(text) as { type: string }
  const one = `${collection}objects/${id}/`
  const byVersion = `match[version]=${encodeURIComponent(version)}`
  for (const url of [
    `${one}?${byVersion}`,
    `${one}?match[version]=all`,
    `${collection}objects/?match[id]=${id}&${byVersion}`,
    `${collection}objects/?match[id]=${id}&match[type]=${type}&match[version]=all`,
    `${collection}objects/?match[id]=${id}&match[type]=${type}&match[spec_version]=2.1&${byVersion}`,
  ]) {
    const body = await read(url)
    assert.ok(body.includes(text), `${url} gave ${body} instead of ${text}`)
  }
  const manifest = JSON.parse(await read(`${collection}manifest/?match[id]=${id}&${byVersion}`)) as {
    objects: readonly Detail[]
  }
  assert.deepEqual(
    manifest.objects.map((record) => [record.id, record.version]),
    [[id, version]],
  )
  const versions = JSON.parse(await read(`${one}versions/`)) as { versions: readonly string[] }
  assert.ok(versions.versions.includes(version))
}

/** The whole view, by small pages and by large ones, packed and not. */
async function everythingCanBeRead(): Promise<void> {
  for (const limit of [7, 1000]) {
    for (const endpoint of ['objects', 'manifest']) {
      let next: string | undefined
      do {
        const query = `limit=${limit}&match[version]=all${next === undefined ? '' : `&next=${next}`}`
        const page = JSON.parse(await read(`${collection}${endpoint}/?${query}`)) as { next?: string }
        next = page.next
      } while (next !== undefined)
    }
  }
}

async function read(url: string): Promise<string> {
  const response = await fetch(url, { headers })
  const body = await response.text()
  assert.equal(response.status, 200, `${url} ${body}`)
  assert.doesNotThrow(() => void JSON.parse(body), body)
  return body
}
