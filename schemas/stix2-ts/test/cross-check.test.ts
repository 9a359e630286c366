import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import Type from 'typebox'
import type { TObject, TProperties } from 'typebox'
import { Value } from 'typebox/value'
import { parseStixObject } from '../src/index.ts'
import { FILE, INDICATOR, MALWARE, RELATIONSHIP } from './samples.ts'

// These schemas are written from the standard a second time, without a look at the tables of the package.
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
const id = (type: string) => Type.String({ pattern: `^${type}--${UUID}$` })
const anyId = Type.String({ pattern: `^[a-z][a-z0-9-]+--${UUID}$` })
const time = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$' })
const texts = Type.Array(Type.String(), { minItems: 1 })
const marking = { object_marking_refs: Type.Optional(Type.Array(id('marking-definition'), { minItems: 1 })) }
const versioned = {
  spec_version: Type.Literal('2.1'),
  created_by_ref: Type.Optional(anyId),
  created: time,
  modified: time,
  revoked: Type.Optional(Type.Boolean()),
  labels: Type.Optional(texts),
  confidence: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  lang: Type.Optional(Type.String()),
  ...marking,
}
const phases = Type.Optional(
  Type.Array(Type.Object({ kill_chain_name: Type.String(), phase_name: Type.String() }), { minItems: 1 }),
)
const hashes = Type.Optional(Type.Record(Type.String({ pattern: '^[a-zA-Z0-9_-]{1,250}$' }), Type.String()))

const SCHEMAS = {
  indicator: Type.Object({
    type: Type.Literal('indicator'),
    id: id('indicator'),
    ...versioned,
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    indicator_types: Type.Optional(texts),
    pattern: Type.String(),
    pattern_type: Type.String(),
    pattern_version: Type.Optional(Type.String()),
    valid_from: time,
    valid_until: Type.Optional(time),
    kill_chain_phases: phases,
  }),
  malware: Type.Object({
    type: Type.Literal('malware'),
    id: id('malware'),
    ...versioned,
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    malware_types: Type.Optional(texts),
    is_family: Type.Boolean(),
    aliases: Type.Optional(texts),
    kill_chain_phases: phases,
    first_seen: Type.Optional(time),
    last_seen: Type.Optional(time),
    operating_system_refs: Type.Optional(Type.Array(id('software'), { minItems: 1 })),
    architecture_execution_envs: Type.Optional(texts),
    implementation_languages: Type.Optional(texts),
    capabilities: Type.Optional(texts),
    sample_refs: Type.Optional(Type.Array(id('(artifact|file)'), { minItems: 1 })),
  }),
  relationship: Type.Object({
    type: Type.Literal('relationship'),
    id: id('relationship'),
    ...versioned,
    relationship_type: Type.String({ pattern: '^[a-z0-9-]+$' }),
    description: Type.Optional(Type.String()),
    source_ref: anyId,
    target_ref: anyId,
    start_time: Type.Optional(time),
    stop_time: Type.Optional(time),
  }),
  file: Type.Object({
    type: Type.Literal('file'),
    id: id('file'),
    spec_version: Type.Optional(Type.Literal('2.1')),
    ...marking,
    defanged: Type.Optional(Type.Boolean()),
    hashes,
    size: Type.Optional(Type.Integer({ minimum: 0 })),
    name: Type.Optional(Type.String()),
    magic_number_hex: Type.Optional(Type.String({ pattern: '^([0-9a-fA-F]{2})+$' })),
    mime_type: Type.Optional(Type.String()),
    ctime: Type.Optional(time),
    mtime: Type.Optional(time),
    atime: Type.Optional(time),
    parent_directory_ref: Type.Optional(id('directory')),
    content_ref: Type.Optional(id('artifact')),
  }),
} as const satisfies Record<string, TObject<TProperties>>

/** Rules on more than one property, or on the meaning of a text: the schemas have none of them. */
const BEYOND_A_SCHEMA: ReadonlySet<string> = new Set([
  'order-modified',
  'order-time',
  'together',
  'one-of',
  'pattern',
  'language',
  'hash',
  'id-random',
])

const good = fc.constantFrom<unknown>(
  'text',
  ['text'],
  true,
  0,
  50,
  '00ff',
  INDICATOR.created,
  '2016-04-06T20:03:48.123456789Z',
  '2.1',
  [FILE.id],
  FILE.id,
  MALWARE.id,
  'software--ff1e0780-358c-5808-a8c7-d0fca4ef6ef4',
  ['software--ff1e0780-358c-5808-a8c7-d0fca4ef6ef4'],
  ['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da'],
  'directory--ff1e0780-358c-5808-a8c7-d0fca4ef6ef4',
  { MD5: 'd41d8cd98f00b204e9800998ecf8427e' },
  [{ kill_chain_name: 'a', phase_name: 'b' }],
)
const odd = fc.constantFrom<unknown>(
  '',
  [],
  [[]],
  {},
  null,
  false,
  -1,
  101,
  1.5,
  ['a', 1],
  'a--b',
  [FILE.id, 'x'],
  [{ phase_name: 'b' }],
  { MD5: 1 },
)

describe('the tables agree with independent TypeBox schemas', () => {
  for (const sample of [INDICATOR, MALWARE, RELATIONSHIP, FILE]) {
    it(`on ${sample.type}`, () => {
      const schema: TObject<TProperties> = SCHEMAS[sample.type]
      const name = fc.constantFrom(...Object.keys(schema.properties).filter((key) => key !== 'type'))
      const change = fc.tuple(name, fc.oneof(good, odd, fc.constant(undefined)))
      let refused = 0
      let accepted = 0
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
          const object: Record<string, unknown> = { ...sample }
          for (const [key, value] of changes) {
            if (value === undefined) delete object[key]
            else object[key] = value
          }
          // an absent spec_version is STIX 2.0, which has a rule of its own
          if (sample.type !== 'file') object['spec_version'] ??= '2.1'
          const expected = Value.Check(schema, object)
          const result = parseStixObject(object)
          const problems = result.ok ? [] : result.problems.filter(({ rule }) => !BEYOND_A_SCHEMA.has(rule))
          assert.equal(problems.length === 0, expected, JSON.stringify({ object, problems }))
          if (expected) accepted++
          else refused++
        }),
        { numRuns: 3000 },
      )
      assert.ok(refused > 100 && accepted > 100, `${refused} refused, ${accepted} accepted`)
    })
  }
})
