import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { observableId, parseBundle, parseStixObject } from '../src/index.ts'
import type { Problem, Rule } from '../src/index.ts'
import { WITHOUT_SHARED, readDataFiles, readLines } from './shared-data.ts'

interface ValidatorCase {
  readonly instance: unknown
  readonly must_valid: boolean
  readonly strict_valid: boolean
  readonly strict_errors: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

interface IdCase {
  readonly object: { readonly type: string }
  readonly contributing: readonly string[]
  readonly id: string
}

/** Which of our warnings answers a numbered SHOULD of the OASIS validator. */
const ANSWERS: Readonly<Record<string, readonly Rule[]>> = {
  103: ['id-version', 'id-random'],
  111: ['vocabulary-form'],
  121: ['kill-chain'],
  // it asks for lower case in the keys of custom dictionaries; the custom property itself is our warning
  142: ['custom-property'],
  149: ['process-priority'],
  201: ['country', 'marking-type'],
  202: ['relationship-suggestion'],
  203: ['duplicate-object'],
  211: ['open-vocabulary'],
  212: ['open-vocabulary'],
  213: ['open-vocabulary'],
  214: ['open-vocabulary'],
  216: ['open-vocabulary'],
  218: ['open-vocabulary'],
  219: ['open-vocabulary'],
  221: ['open-vocabulary'],
  222: ['open-vocabulary'],
  223: ['open-vocabulary'],
  231: ['open-vocabulary'],
  241: ['open-vocabulary'],
  243: ['open-vocabulary'],
  244: ['open-vocabulary'],
  245: ['open-vocabulary'],
  271: ['media-type'],
  273: ['ipfix'],
  274: ['http-header'],
  276: ['document-info'],
  301: ['ports'],
  303: ['indicator-text'],
  305: ['extension-text'],
  306: ['extension-names'],
  401: ['custom-property', 'custom-object', 'custom-extension', 'marking-type'],
}

/**
 * The validator knows a list of all socket options, asks for property-extension on observables, and asks for a UUIDv5 of a
 * certificate that must have a UUIDv4. None is a SHOULD of the standard: such cases warn of something, but not of that.
 */
const NOT_IN_THE_STANDARD =
  /\{275\}|\{401\} Custom Cyber Observable Object extension type 'extension-def|\{103\}.* x509-/

function verdictOf(instance: unknown): { readonly ok: boolean; readonly findings: readonly Problem[] } {
  const results = (Array.isArray(instance) ? instance : [instance]).map((value: { type?: unknown }) =>
    value.type === 'bundle' ? parseBundle(value) : parseStixObject(value),
  )
  return {
    ok: results.every(({ ok }) => ok),
    findings: results.flatMap((result) => (result.ok ? result.warnings : result.problems)),
  }
}

describe('conformance', { skip: WITHOUT_SHARED }, () => {
  it('agrees with the OASIS validator on every object', () => {
    const cases = readLines<ValidatorCase>('validator-v21.jsonl').filter(
      ({ options }) => options['schema_dir'] === undefined,
    )
    assert.ok(cases.length > 200)
    for (const { instance, must_valid: expected, strict_valid: strict, strict_errors: errors } of cases) {
      const { ok, findings } = verdictOf(instance)
      const shown = JSON.stringify({ instance, findings, errors })
      assert.equal(ok, expected, shown)
      if (!expected || strict) continue
      const rules = new Set(findings.map(({ rule }) => rule))
      assert.ok(rules.size > 0, shown)
      for (const error of errors) {
        if (NOT_IN_THE_STANDARD.test(error)) continue
        const code = /\{(\d+)\}/.exec(error)?.[1] ?? ''
        assert.ok(
          ANSWERS[code]?.some((rule) => rules.has(rule)),
          `${error} has no answer: ${shown}`,
        )
      }
    }
  })

  it('makes the ids of observables that others make', () => {
    const cases = readLines<IdCase>('sco-ids.jsonl')
    assert.ok(cases.length > 20)
    for (const { object, contributing, id } of cases) {
      assert.equal(observableId(object, contributing), id)
      if (object.type !== 'some-sco') assert.equal(observableId(object), id)
    }
  })

  it('accepts every object of ATT&CK for ICS and of the OASIS examples', () => {
    const files = readDataFiles()
    assert.ok(files.length > 5)
    for (const { name, value } of files) {
      const result = verdictOf(value)
      assert.ok(result.ok, `${name}: ${JSON.stringify(result.findings.slice(0, 5))}`)
    }
  })
})
