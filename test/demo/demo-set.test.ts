import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { OBJECT_TYPES, TLP1, TLP2, TLP2_EXTENSION, compareTimestamps, isIdentifier, observableId } from 'stix2-ts'
import { OBSERVABLE_TYPES, parseBundle, parseStixObject, propertyOf, versionOf } from 'stix2-ts'
import type { StixObject } from 'stix2-ts'
import { isDocumentationAs, outsideDocumentation } from './outside-documentation.ts'

const folder = new URL('../../server/demo/', import.meta.url)
const story = readFileSync(new URL('story.md', folder), 'utf8')
const json: unknown = JSON.parse(readFileSync(new URL('region.json', folder), 'utf8'))
const parsed = parseBundle(json)
assert.ok(parsed.ok, JSON.stringify(parsed))
const objects: readonly StixObject[] = parsed.bundle.objects ?? []
const allStrings = [...stringsOf(json, '')]

/** Every string of a value, names of properties included, with the place where it stands. */
function* stringsOf(value: unknown, at: string): Generator<{ readonly at: string; readonly string: string }> {
  if (typeof value === 'string') yield { at, string: value }
  if (typeof value !== 'object' || value === null) return
  for (const [key, entry] of Object.entries(value)) {
    yield { at, string: key }
    yield* stringsOf(entry, `${at}/${key}`)
  }
}

function versionsById(): ReadonlyMap<string, readonly StixObject[]> {
  return Map.groupBy(objects, ({ id }) => id)
}

const markingsUsed: ReadonlySet<string> = new Set(
  objects.flatMap(({ object_marking_refs }) => object_marking_refs ?? []),
)
const granular = objects.flatMap(({ granular_markings }) => granular_markings ?? [])

describe('the demonstration set', () => {
  it('is read without a problem and without a warning', () => {
    for (const object of objects) {
      const result = parseStixObject(object)
      assert.deepEqual(result.ok ? result.warnings : result.problems, [], object.id)
    }
  })

  it('has between 120 and 180 objects', () => {
    assert.ok(objects.length >= 120 && objects.length <= 180, `${objects.length} objects`)
  })

  it('shows every type', () => {
    const shown = new Set<string>(objects.map(({ type }) => type))
    assert.deepEqual([...shown].toSorted(), [...OBJECT_TYPES].toSorted())
    assert.equal(shown.size, 19 + 18 + 2 + 3)
  })

  it('shows every TLP 2.0 level, a label of TLP 1, a statement, and objects without a label', () => {
    for (const { id, name } of [...Object.values(TLP2), TLP1.green])
      assert.ok(markingsUsed.has(id), `nothing is ${name}`)
    const statements = objects.filter((object) => propertyOf(object, 'definition_type') === 'statement')
    assert.ok(statements.length > 0)
    for (const { id } of statements) assert.ok(markingsUsed.has(id), `nothing carries ${id}`)
    const unmarked = new Set<string>(objects.filter((object) => !object.object_marking_refs).map(({ type }) => type))
    for (const type of ['indicator', 'tool', 'ipv4-addr', 'observed-data']) assert.ok(unmarked.has(type), type)
  })

  it('marks parts of objects, one of them under a key with capitals', () => {
    const selectors = granular.flatMap((marking) => marking.selectors)
    assert.ok(selectors.includes('hashes.SHA-256'))
    assert.ok(selectors.length >= 10, `${selectors.length} selectors`)
    assert.ok(granular.some((marking) => propertyOf(marking, 'lang') === 'de'))
  })

  it('has several versions of at least three objects, and one that is revoked in the end', () => {
    const several = [...versionsById().values()].filter((versions) => versions.length > 1)
    assert.ok(several.length >= 3, `${several.length} objects with versions`)
    assert.ok(several.some((versions) => versions.length >= 3))
    for (const versions of several) {
      const { id } = versions[0] ?? {}
      assert.equal(new Set(versions.map((version) => propertyOf(version, 'created'))).size, 1, `${id} was created once`)
      assert.equal(
        new Set(versions.map((version) => propertyOf(version, 'created_by_ref'))).size,
        1,
        `${id} has one author`,
      )
      for (const [index, next] of versions.slice(1).entries()) {
        const before = versions[index]
        assert.ok(before)
        assert.ok(compareTimestamps(versionOf(next) ?? '', versionOf(before) ?? '') > 0, `${id} is out of order`)
        assert.notEqual(propertyOf(before, 'revoked'), true, `${id} goes on after it was revoked`)
      }
    }
    const ended = several
      .flatMap((versions) => versions.slice(-1))
      .filter((last) => propertyOf(last, 'revoked') === true)
    assert.deepEqual(new Set(ended.map(({ type }) => type)), new Set(['indicator', 'relationship']))
  })

  it('refers to nothing outside itself', () => {
    // The bundle has no meaning of its own, and OASIS fixes the TLP 2.0 extension: neither is an object of the set
    const known = new Set<string>([...objects.map(({ id }) => id), parsed.bundle.id, TLP2_EXTENSION])
    const dangling = allStrings.filter(({ string }) => isIdentifier(string) && !known.has(string))
    assert.deepEqual(dangling, [])
  })

  it('translates versions that it holds', () => {
    const held = new Set(objects.map((object) => `${object.id} ${versionOf(object)}`))
    const translations = objects.filter(({ type }) => type === 'language-content')
    assert.ok(translations.length > 0)
    for (const object of translations) {
      const version = `${String(propertyOf(object, 'object_ref'))} ${String(propertyOf(object, 'object_modified'))}`
      assert.ok(held.has(version), `${object.id} translates ${version}`)
    }
  })

  it('gives observables the ids that follow from their content', () => {
    const observableTypes = new Set<string>(OBSERVABLE_TYPES)
    // Nothing contributes to the id of a process, so it is random (STIX 2.1 §6.13)
    const observables = objects.filter(({ type }) => observableTypes.has(type) && type !== 'process')
    assert.ok(observables.length >= 30)
    for (const object of observables) assert.equal(object.id, observableId<string>(object))
  })

  it('has only addresses, names and mailboxes that are kept for documentation', () => {
    const outside = allStrings.flatMap(({ at, string }) =>
      outsideDocumentation(string).map((what) => `${what} at ${at}`),
    )
    assert.deepEqual(outside, [])
    for (const object of objects)
      if (object.type === 'autonomous-system')
        assert.ok(isDocumentationAs(Number(propertyOf(object, 'number'))), object.id)
    assert.ok(allStrings.length > 2000, `${allStrings.length} strings were looked at`)
  })

  it('is written with the type first, then the version of the standard, then the id', () => {
    for (const object of objects) assert.deepEqual(Object.keys(object).slice(0, 3), ['type', 'spec_version', 'id'])
  })

  it('comes with a page whose ids are those of the set', () => {
    const known = versionsById()
    const named = [...story.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code).filter(isIdentifier)
    assert.ok(named.length >= 5, `the page names ${named.length} objects`)
    assert.deepEqual(outsideDocumentation(story), [])
    for (const id of named) assert.ok(known.has(id), `the page names ${id}, which is not in the set`)
  })
})

describe('the scan for documentation addresses', () => {
  for (const bad of [
    'see 8.8.8.8',
    'at 192.0.3.1:80',
    'net 2001:4860::/32',
    'hw 00:1b:44:11:3a:b7',
    'from AS3356',
    'host www.port-of-call.org',
    'host evil[.]com',
    'mail someone@harbour.net',
    'link http://intranet/login',
  ])
    it(`sees: ${bad}`, () => assert.notDeepEqual(outsideDocumentation(bad), []))
})
