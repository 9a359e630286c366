import fc from 'fast-check'
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SLOT_OF_ENVIRONMENT } from '../../server/config/catalogue.ts'
import { loadConfig } from '../../server/config/load.ts'
import { suggest } from '../../server/config/suggest.ts'

const names = [...SLOT_OF_ENVIRONMENT.keys()]

it('whatever stands in the environment and in the file, the answer is a configuration or problems', () => {
  const env = fc.dictionary(
    fc.oneof(
      fc.constantFrom(...names),
      fc.string().map((end) => `VOUCHSAFE_${end}`),
    ),
    fc.oneof(fc.string({ unit: 'binary' }), fc.nat().map(String), fc.constantFrom('true', 'false', '::', '10 MiB')),
  )
  fc.assert(
    fc.property(env, fc.string({ unit: 'binary' }), (variables, text) => {
      const loaded = loadConfig(variables, { readFile: () => text })
      assert.ok(loaded.ok || loaded.problems.length > 0)
    }),
  )
})

it('a known name with one letter changed is found again, and never by itself', () => {
  const long = names.filter((name) => name.length > 12)
  const change = fc.tuple(fc.constantFrom(...long), fc.nat(), fc.constantFrom('', '_', 'X'))
  fc.assert(
    fc.property(change, ([name, at, letter]) => {
      const index = at % name.length
      const typo = name.slice(0, index) + letter + name.slice(index + 1)
      const found = suggest(typo, names)
      assert.ok(found !== undefined && Math.abs(found.length - name.length) <= 1)
    }),
  )
})
