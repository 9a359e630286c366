import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isIdentifier, parseSelector, parseStixObject, upgradeObject } from '../src/index.ts'
import { FILE, INDICATOR, LOCATION } from './samples.ts'

const MEGABYTE = 1_000_000

/** One letter makes the worst of a pattern that can be read in many ways; a mixture reaches the later branches. */
const HOSTILE = [
  'a',
  'a-',
  '0',
  '1:',
  '.',
  'a.',
  'x-',
  '-',
  ':',
  '\\',
  '\\:',
  '=',
  'A=',
  '/',
  '@',
  "'",
  '[',
  '[0].',
  ' ',
  'é',
].map((part) => part.repeat(MEGABYTE / part.length))

function observable(type: string, rest: object): object {
  return { type, id: `${type}--ff1e0780-358c-4808-a8c7-d0fca4ef6ef4`, ...rest }
}

/** Every place where text of a certain form is read. */
function objectsWith(text: string): readonly object[] {
  return [
    { ...INDICATOR, id: text },
    { ...INDICATOR, type: text },
    { ...INDICATOR, created: text },
    { ...INDICATOR, created: `2016-04-06T20:03:48.${text}Z` },
    { ...INDICATOR, lang: text },
    { ...INDICATOR, pattern: text },
    { ...INDICATOR, pattern: `[a:b = '${text}'` },
    { ...INDICATOR, indicator_types: [text] },
    { ...INDICATOR, [text]: 1 },
    { ...INDICATOR, x_a_hex: text, x_a_bin: text, x_a_ref: text },
    { ...INDICATOR, extensions: { [text]: {}, [`extension-definition--${text}`]: {}, [`${text}-ext`]: {} } },
    { ...INDICATOR, external_references: [{ source_name: 'cve', external_id: text }] },
    { ...INDICATOR, external_references: [{ source_name: text, external_id: `CVE-2016-${text}` }] },
    { ...INDICATOR, granular_markings: [{ lang: 'en', selectors: [text, `name.${text}`] }] },
    { ...LOCATION, country: text, region: text },
    { ...FILE, mime_type: text, name_enc: text, magic_number_hex: text },
    { ...FILE, hashes: { MD5: text, SSDEEP: `3:${text}`, [text]: text } },
    observable('artifact', { payload_bin: text }),
    observable('software', { name: 'x', cpe: `cpe:2.3:a:${text}` }),
    observable('windows-registry-key', { key: text }),
    ...['ipv4-addr', 'ipv6-addr', 'mac-addr', 'domain-name', 'email-addr', 'url'].flatMap((type) => [
      observable(type, { value: text }),
      observable(type, { value: `a://${text}` }),
      observable(type, { value: `a@${text}` }),
    ]),
  ]
}

describe('time', () => {
  it('is linear in the length of hostile text in every form', { timeout: 60_000 }, () => {
    for (const text of HOSTILE) {
      for (const object of objectsWith(text)) {
        const start = performance.now()
        parseStixObject(object)
        // a megabyte takes milliseconds; quadratic reading would take minutes
        assert.ok(performance.now() - start < 2000, `${text.slice(0, 4)} in ${Object.keys(object).join()}`)
      }
      isIdentifier(text)
      parseSelector(text)
      upgradeObject({ type: 'indicator', id: 'x', pattern: `START ${text}` })
      upgradeObject({ type: 'indicator', id: 'x', pattern: `START '${text}` })
    }
  })

  it('is linear in the number of selectors, properties and objects', { timeout: 60_000 }, () => {
    const selectors = Array.from({ length: 100_000 }, (_, i) => `labels.[${i}]`)
    const labels = Array.from({ length: 100_000 }, (_, i) => `label ${i}`)
    assert.equal(parseStixObject({ ...INDICATOR, labels, granular_markings: [{ lang: 'en', selectors }] }).ok, true)
    const objects = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, i) => [
        String(i),
        { type: 'file', name: `f${i}`, extensions: { 'archive-ext': { contains_refs: [String(i + 1)] } } },
      ]),
    )
    const { spec_version: _version, ...rest } = INDICATOR
    const upgrade = upgradeObject({
      ...rest,
      type: 'observed-data',
      id: 'observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf',
      first_observed: rest.created,
      last_observed: rest.created,
      number_observed: 1,
      objects,
    })
    assert.equal(upgrade.objects.length > 40_000, true)
  })
})
