import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { RULES, TLP1, TLP2, parseBundle, parseStixObject } from '../src/index.ts'
import type { Rule } from '../src/index.ts'
import { BUNDLE, FILE, INDICATOR, LOCATION, MALWARE, RELATIONSHIP } from './samples.ts'

const V4 = 'ff1e0780-358c-4808-a8c7-d0fca4ef6ef4'
const V5 = 'ff1e0780-358c-5808-a8c7-d0fca4ef6ef4'
const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

function of(type: string, rest: object, uuid = V4): object {
  return { type, id: `${type}--${uuid}`, ...rest }
}

const { spec_version: _version, ...OLD } = MALWARE
const COMMON = { spec_version: '2.1', created: INDICATOR.created, modified: INDICATOR.created }
const TRAFFIC = { protocols: ['tcp'], src_ref: `ipv4-addr--${V5}`, src_port: 1, dst_port: 2 }
const EXTENSION = of('extension-definition', {
  ...COMMON,
  created_by_ref: INDICATOR.created_by_ref,
  name: 'x',
  schema: 'https://example.com',
  version: '1',
  extension_types: ['new-sdo'],
  description: 'x',
})
const MARKING = { spec_version: '2.1', created: INDICATOR.created }
const MAP = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d'

/** For each rule, objects that break it, with the place that is reported. */
const BREAKERS: Readonly<Record<Rule, readonly (readonly [object: unknown, pointer: string])[]>> = {
  object: [
    [[], ''],
    [{ ...INDICATOR, external_references: ['x'] }, '/external_references/0'],
  ],
  json: [
    [{ ...INDICATOR, x_acme: undefined }, '/x_acme'],
    [{ ...INDICATOR, x_acme: [Number.NaN] }, '/x_acme/0'],
  ],
  depth: [[{ ...INDICATOR, x_acme: JSON.parse(`${'['.repeat(65)}1${']'.repeat(65)}`) }, `/x_acme${'/0'.repeat(64)}`]],
  text: [[{ ...INDICATOR, name: '\u0000' }, '/name']],
  type: [
    [of('x', {}), '/type'],
    [of('x--y', {}), '/type'],
    [of('X-y', {}), '/type'],
  ],
  required: [
    [{ ...INDICATOR, pattern: undefined }, '/pattern'],
    [{}, '/type'],
    [of('file', { extensions: { 'archive-ext': {} } }), '/extensions/archive-ext/contains_refs'],
  ],
  null: [[{ ...INDICATOR, x_acme: null }, '/x_acme']],
  string: [
    [{ ...INDICATOR, name: 1 }, '/name'],
    [{ type: 1 }, '/type'],
  ],
  boolean: [[{ ...MALWARE, is_family: 'true' }, '/is_family']],
  integer: [
    [{ ...FILE, size: 1.5 }, '/size'],
    [{ ...INDICATOR, confidence: '1' }, '/confidence'],
  ],
  float: [
    [{ ...LOCATION, latitude: '1' }, '/latitude'],
    [{ ...LOCATION, precision: Infinity }, '/precision'],
  ],
  range: [
    [{ ...INDICATOR, confidence: 101 }, '/confidence'],
    [{ ...LOCATION, latitude: 90.01 }, '/latitude'],
    [{ ...LOCATION, longitude: -180.5 }, '/longitude'],
    [{ ...LOCATION, precision: -1 }, '/precision'],
    [of('network-traffic', { ...TRAFFIC, src_port: 65_536 }), '/src_port'],
  ],
  list: [[{ ...INDICATOR, labels: 'x' }, '/labels']],
  'empty-list': [
    [{ ...INDICATOR, labels: [] }, '/labels'],
    [{ ...INDICATOR, x_acme: [] }, '/x_acme'],
  ],
  dictionary: [
    [{ ...FILE, hashes: [] }, '/hashes'],
    [{ ...FILE, extensions: 'x' }, '/extensions'],
  ],
  'dictionary-key': [
    [{ ...FILE, hashes: { 'a b': 'x' } }, '/hashes/a b'],
    [{ ...FILE, hashes: { ['a'.repeat(251)]: 'x' } }, `/hashes/${'a'.repeat(251)}`],
  ],
  'empty-object': [[{ ...FILE, extensions: { 'ntfs-ext': {} } }, '/extensions/ntfs-ext']],
  'property-name': [
    [{ ...INDICATOR, 'x-acme': 1 }, '/x-acme'],
    [{ ...INDICATOR, Acme: 1 }, '/Acme'],
    [{ ...INDICATOR, ab: 1 }, '/ab'],
    [{ ...INDICATOR, ['a'.repeat(251)]: 1 }, `/${'a'.repeat(251)}`],
  ],
  'reserved-property': ['severity', 'action', 'username', 'phone_numbers'].map(
    (name) => [{ ...INDICATOR, [name]: 1 }, `/${name}`] as const,
  ),
  const: [[{ ...INDICATOR, spec_version: '2.2' }, '/spec_version']],
  enum: [
    [of('opinion', { ...COMMON, opinion: 'good', object_refs: [FILE.id] }), '/opinion'],
    [of('artifact', { payload_bin: '', encryption_algorithm: 'ROT13' }), '/encryption_algorithm'],
  ],
  timestamp: [[{ ...INDICATOR, valid_from: '2016-02-30T00:00:00Z' }, '/valid_from']],
  identifier: [
    [{ ...INDICATOR, id: 'indicator--1' }, '/id'],
    [{ ...RELATIONSHIP, source_ref: 'malware' }, '/source_ref'],
  ],
  'id-type': [
    [{ ...INDICATOR, id: MALWARE.id }, '/id'],
    [of('x-acme', { id: FILE.id }), '/id'],
  ],
  'id-random': [
    [of('process', { pid: 1 }, V5), '/id'],
    [of('x509-certificate', { issuer: 'x' }, V5), '/id'],
  ],
  'ref-type': [
    [{ ...INDICATOR, object_marking_refs: [FILE.id] }, '/object_marking_refs/0'],
    [{ ...RELATIONSHIP, target_ref: RELATIONSHIP.id }, '/target_ref'],
    [{ ...RELATIONSHIP, source_ref: TLP1.red.id }, '/source_ref'],
    [of('sighting', { ...COMMON, sighting_of_ref: FILE.id }), '/sighting_of_ref'],
    [
      of('sighting', { ...COMMON, sighting_of_ref: INDICATOR.id, where_sighted_refs: [FILE.id] }),
      '/where_sighted_refs/0',
    ],
    [
      of('observed-data', {
        ...COMMON,
        first_observed: COMMON.created,
        last_observed: COMMON.created,
        number_observed: 1,
        object_refs: [MALWARE.id],
      }),
      '/object_refs/0',
    ],
    [of('network-traffic', { ...TRAFFIC, src_ref: FILE.id }), '/src_ref'],
  ],
  'order-modified': [
    [{ ...INDICATOR, modified: '2016-04-06T20:03:47.999Z' }, '/modified'],
    [of('x-acme', { created: '2016-04-06T20:03:48.0001Z', modified: '2016-04-06T20:03:48Z' }), '/modified'],
  ],
  'order-time': [
    [{ ...INDICATOR, valid_until: INDICATOR.valid_from }, '/valid_until'],
    [{ ...MALWARE, first_seen: '2016-01-02T00:00:00Z', last_seen: '2016-01-01T00:00:00Z' }, '/last_seen'],
    [of('network-traffic', { ...TRAFFIC, start: '2016-01-02T00:00:00Z', end: '2016-01-01T00:00:00Z' }), '/end'],
  ],
  'one-of': [
    [of('file', {}), ''],
    [of('location', COMMON), ''],
    [of('process', {}), ''],
    [of('network-traffic', { protocols: ['tcp'] }), ''],
    [of('malware-analysis', { ...COMMON, product: 'x' }), ''],
    [{ ...INDICATOR, external_references: [{ source_name: 'x' }] }, '/external_references/0'],
  ],
  together: [
    [{ ...LOCATION, longitude: undefined }, '/longitude'],
    [of('location', { ...COMMON, region: 'europe', precision: 1 }), '/latitude'],
    [of('artifact', { url: 'https://example.com' }), '/hashes'],
    [of('artifact', { payload_bin: '', decryption_key: 'x' }), '/encryption_algorithm'],
    [{ ...MALWARE, name: undefined }, '/name'],
  ],
  exclusive: [
    [of('artifact', { payload_bin: '', url: 'https://example.com', hashes: {} }), '/url'],
    [of('email-message', { is_multipart: false, body_multipart: [{ body: 'x' }] }), '/body_multipart'],
    [of('email-message', { is_multipart: true, body: 'x' }), '/body'],
    [of('network-traffic', { ...TRAFFIC, is_active: true, end: COMMON.created }), '/end'],
  ],
  'external-reference': [
    [
      { ...INDICATOR, external_references: [{ source_name: 'cve', external_id: 'CVE-2016-123' }] },
      '/external_references/0/external_id',
    ],
    [
      { ...INDICATOR, external_references: [{ source_name: 'CVE', external_id: 'CVE-2016-1234' }] },
      '/external_references/0/source_name',
    ],
    [
      { ...INDICATOR, external_references: [{ source_name: 'capec', external_id: '163' }] },
      '/external_references/0/external_id',
    ],
  ],
  hash: [
    [{ ...FILE, hashes: { MD5: 'x' } }, '/hashes/MD5'],
    [{ ...FILE, hashes: { 'SHA-256': 'a'.repeat(63) } }, '/hashes/SHA-256'],
  ],
  hex: [
    [{ ...FILE, magic_number_hex: 'abc' }, '/magic_number_hex'],
    [{ ...INDICATOR, x_acme_hex: 'g0' }, '/x_acme_hex'],
  ],
  binary: [
    [of('artifact', { payload_bin: 'abc' }), '/payload_bin'],
    [{ ...INDICATOR, x_acme_bin: 'a=bc' }, '/x_acme_bin'],
  ],
  language: [
    [{ ...INDICATOR, lang: 'english' + '-'.repeat(2) }, '/lang'],
    [{ ...INDICATOR, lang: 'e' }, '/lang'],
  ],
  'character-set': [[of('directory', { path: '/', path_enc: 'bla.bla' }), '/path_enc']],
  cpe: [
    [of('software', { name: 'x', cpe: 'cpe:/a:x' }), '/cpe'],
    [of('software', { name: 'x', cpe: 'cpe:2.3:a:x:y:*:*:*:*:*:*:*' }), '/cpe'],
  ],
  address: [
    ['ipv4-addr', '1.2.3'],
    ['ipv4-addr', '01.2.3.4'],
    ['ipv4-addr', '1.2.3.4/33'],
    ['ipv6-addr', '1::2::3'],
    ['ipv6-addr', '1:2:3:4:5:6:7'],
    ['ipv6-addr', 'fe80::1/129'],
    ['mac-addr', 'A7:b8:c9:d0:e1:f2'],
    ['domain-name', 'a b.example'],
    ['domain-name', 'a..example'],
    ['email-addr', 'example.com'],
    ['url', 'www.example.com'],
  ].map(([type = '', value]) => [of(type, { value }), '/value'] as const),
  'registry-key': [[of('windows-registry-key', { key: 'hklm\\system' }), '/key']],
  'socket-option': [
    [
      of('network-traffic', {
        ...TRAFFIC,
        extensions: { 'socket-ext': { address_family: 'AF_INET', options: { ACME: 1 } } },
      }),
      '/extensions/socket-ext/options/ACME',
    ],
  ],
  'relationship-type': [[{ ...RELATIONSHIP, relationship_type: 'Related To' }, '/relationship_type']],
  extension: [
    [{ ...INDICATOR, extensions: { 'x-acme': {} } }, '/extensions/x-acme'],
    [{ ...INDICATOR, extensions: { 'x--acme-ext': {} } }, '/extensions/x--acme-ext'],
    [{ ...INDICATOR, extensions: { 'x_acme-ext': {} } }, '/extensions/x_acme-ext'],
    [{ ...INDICATOR, extensions: { 'Acme-ext': {} } }, '/extensions/Acme-ext'],
    [{ ...INDICATOR, extensions: { 'extension-definition--1': {} } }, '/extensions/extension-definition--1'],
  ],
  'extension-properties': [[{ ...EXTENSION, extension_properties: ['x'] }, '/extension_properties']],
  selector: [
    [
      { ...INDICATOR, granular_markings: [{ lang: 'en', selectors: ['name', 'labels'] }] },
      '/granular_markings/0/selectors/1',
    ],
  ],
  'granular-marking': [
    [{ ...INDICATOR, granular_markings: [{ selectors: ['name'] }] }, '/granular_markings/0'],
    [
      { ...INDICATOR, granular_markings: [{ lang: 'en', marking_ref: TLP1.red.id, selectors: ['name'] }] },
      '/granular_markings/0',
    ],
  ],
  'marking-circular': [
    [
      of('marking-definition', {
        ...MARKING,
        definition_type: 'statement',
        definition: { statement: 'x' },
        object_marking_refs: [`marking-definition--${V4}`],
      }),
      '',
    ],
  ],
  'tlp-instance': [
    [of('marking-definition', { ...MARKING, definition_type: 'tlp', definition: { tlp: 'white' } }), '/id'],
    [
      of('marking-definition', {
        ...MARKING,
        extensions: { [MAP]: { extension_type: 'property-extension', tlp_2_0: 'clear' } },
      }),
      '/id',
    ],
  ],
  'tlp-content': [
    [{ ...TLP1.red, definition: { tlp: 'white' } }, '/definition'],
    [{ ...TLP1.red, name: 'TLP:CLEAR' }, '/name'],
    [{ ...TLP2.red, extensions: { [MAP]: { extension_type: 'property-extension', tlp_2_0: 'clear' } } }, '/extensions'],
    [
      { ...TLP2.red, extensions: undefined, definition_type: 'statement', definition: { statement: 'x' } },
      '/extensions',
    ],
    [{ ...TLP2.red, created: COMMON.created }, '/created'],
    [{ ...TLP2.red, created_by_ref: INDICATOR.created_by_ref }, '/created_by_ref'],
  ],
  'language-content': [
    [
      of('language-content', { ...COMMON, object_ref: FILE.id, contents: { english_language: { name: 'x' } } }),
      '/contents/english_language',
    ],
    [of('language-content', { ...COMMON, object_ref: FILE.id, contents: { de: { a: 'x' } } }), '/contents/de/a'],
    [of('language-content', { ...COMMON, object_ref: FILE.id, contents: { de: 'x' } }), '/contents/de'],
    [of('language-content', { ...COMMON, object_ref: FILE.id, contents: { de: { name: 1 } } }), '/contents/de/name'],
  ],
  pattern: [[{ ...INDICATOR, pattern: '[file:name =' }, '/pattern']],
  bundle: [[BUNDLE, '/type']],
  'stix-2.0': [
    [OLD, ''],
    [{ ...MALWARE, spec_version: '2.0' }, ''],
  ],

  'custom-object': [[of('x-acme', {}), '']],
  'custom-property': [
    [{ ...INDICATOR, x_acme: 1 }, '/x_acme'],
    [
      { ...INDICATOR, external_references: [{ source_name: 'x', url: 'x', x_acme: 1 }] },
      '/external_references/0/x_acme',
    ],
  ],
  'custom-extension': [
    [{ ...FILE, extensions: { 'x-acme-ext': { a: 1 } } }, '/extensions/x-acme-ext'],
    [{ ...INDICATOR, extensions: { [MAP]: {} } }, `/extensions/${MAP}`],
  ],
  'custom-name': [[{ ...INDICATOR, 'x_acme!': 1 }, '/x_acme!']],
  'custom-ref': [
    [{ ...INDICATOR, x_acme_ref: 'x' }, '/x_acme_ref'],
    [{ ...INDICATOR, x_acme_refs: [FILE.id, 'x'] }, '/x_acme_refs'],
  ],
  'open-vocabulary': [
    [{ ...INDICATOR, indicator_types: ['benign', 'odd'] }, '/indicator_types/1'],
    [{ ...FILE, hashes: { 'x-odd': 'a' } }, '/hashes/x-odd'],
  ],
  'vocabulary-form': [[{ ...INDICATOR, indicator_types: ['Very_Odd'] }, '/indicator_types/0']],
  'id-version': [
    [{ ...INDICATOR, id: `indicator--${V5}` }, '/id'],
    [of('file', { name: 'x' }), '/id'],
  ],
  'id-content': [[{ ...FILE, name: 'other.txt' }, '/id']],
  'ref-form': [
    [{ ...INDICATOR, created_by_ref: MALWARE.id }, '/created_by_ref'],
    [of('network-traffic', { ...TRAFFIC, src_ref: 'ipv4-addr--1' }), '/src_ref'],
  ],
  precision: [[{ ...INDICATOR, created: '2016-04-06T20:03:48Z' }, '/created']],
  'kill-chain': [
    [
      { ...INDICATOR, kill_chain_phases: [{ kill_chain_name: 'Acme', phase_name: 'x' }] },
      '/kill_chain_phases/0/kill_chain_name',
    ],
  ],
  country: [[{ ...LOCATION, country: 'Thailand' }, '/country']],
  'indicator-text': [[{ ...INDICATOR, description: undefined }, '']],
  'extension-text': [[{ ...EXTENSION, description: undefined }, '/description']],
  'extension-names': [[{ ...EXTENSION, extension_types: ['toplevel-property-extension'] }, '/extension_properties']],
  'marking-type': [
    [of('marking-definition', { ...MARKING, definition_type: 'acme', definition: { x: 1 } }), '/definition_type'],
  ],
  'tlp-name': [
    [
      of('marking-definition', {
        ...MARKING,
        name: 'tlp:clear',
        definition_type: 'statement',
        definition: { statement: 'x' },
      }),
      '/name',
    ],
  ],
  'relationship-suggestion': [
    [{ ...RELATIONSHIP, relationship_type: 'mitigates' }, '/relationship_type'],
    [{ ...RELATIONSHIP, relationship_type: 'duplicate-of' }, '/relationship_type'],
  ],
  'media-type': [[{ ...FILE, mime_type: 'bla' }, '/mime_type']],
  'http-header': [
    [
      of('network-traffic', {
        ...TRAFFIC,
        extensions: {
          'http-request-ext': { request_method: 'get', request_value: '/', request_header: { 'x-acme': ['a'] } },
        },
      }),
      '/extensions/http-request-ext/request_header/x-acme',
    ],
  ],
  ipfix: [[of('network-traffic', { ...TRAFFIC, ipfix: { Foo: 1 } }), '/ipfix/Foo']],
  'document-info': [
    [
      of('file', { name: 'x', extensions: { 'pdf-ext': { document_info_dict: { foo: 'x' } } } }),
      '/extensions/pdf-ext/document_info_dict/foo',
    ],
  ],
  ports: [[of('network-traffic', { ...TRAFFIC, dst_port: undefined }), '']],
  protocol: [[of('network-traffic', { ...TRAFFIC, protocols: ['TCP'] }), '/protocols/0']],
  'process-priority': [
    [
      of('process', { extensions: { 'windows-process-ext': { priority: 'HIGH' } } }),
      '/extensions/windows-process-ext/priority',
    ],
  ],
  'url-characters': [[of('url', { value: 'https://example.com/a b' }), '/value']],
  'pattern-name': [
    [{ ...INDICATOR, pattern: "[acme:name = 'x']" }, '/pattern'],
    [{ ...INDICATOR, pattern: "[file:acme = 'x']" }, '/pattern'],
  ],
  'duplicate-object': [
    [{ ...BUNDLE, objects: [INDICATOR, { ...INDICATOR, modified: '2016-04-06T20:03:48.0000Z' }] }, '/objects/1'],
  ],
}

const LEVELS: ReadonlyMap<string, string> = new Map(Object.entries(RULES).map(([code, { level }]) => [code, level]))

describe('rules', () => {
  for (const [rule, breakers] of Object.entries(BREAKERS)) {
    it(`${rule} is reported where it is broken`, () => {
      for (const [object, pointer] of breakers) {
        const value: unknown = typeof object === 'object' && object !== null ? withoutUndefined(object) : object
        const result =
          rule === 'duplicate-object' ? parseBundle(value) : parseStixObject(rule === 'json' ? object : value)
        assert.equal(result.ok, LEVELS.get(rule) === 'warning', JSON.stringify(result))
        const findings = result.ok ? result.warnings : result.problems
        assert.ok(
          findings.some((finding) => finding.rule === rule && finding.pointer === pointer),
          `${JSON.stringify(object)}: ${JSON.stringify(findings)}`,
        )
      }
    })
  }

  it('are each broken by an object here', () => {
    assert.deepEqual(
      Object.entries(BREAKERS).filter(([, breakers]) => breakers.length === 0),
      [],
    )
  })

  it('are the table of the README', () => {
    const rows = [...README.matchAll(/^\| `([^`]+)` *\| (\w+) *\| (.*?) *\| (.*?) *\|$/gm)].map(([, ...cells]) => cells)
    assert.deepEqual(
      rows,
      Object.entries(RULES).map(([code, { level, source, asks }]) => [code, level, source, asks]),
    )
  })
})

describe('the README', () => {
  const examples = [...README.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)

  for (const [i, code] of examples.entries()) {
    it(`runs example ${i + 1} and shows what it prints`, () => {
      const printed = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', code], {
        cwd: import.meta.dirname,
        encoding: 'utf8',
      })
      const promised = [...code.matchAll(/^ *\/\/ (.*)$/gm)].map(([, line]) => line)
      assert.deepEqual(printed.trimEnd().split('\n'), promised)
    })
  }

  it('has examples', () => {
    assert.ok(examples.length >= 5)
  })
})

function withoutUndefined(object: object): object {
  return Array.isArray(object)
    ? object
    : Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
