import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { SETTINGS, SLOT_OF_ENVIRONMENT, SLOT_OF_KEY } from '../../server/config/catalogue.ts'
import { insertTable, renderTable } from '../../server/config/table.ts'

const guide = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8')

it('the table in the guide is the one that the code makes; if not: node server/config/table.ts --write', () => {
  assert.equal(insertTable(guide, renderTable()), guide)
})

it('every setting has a row, a meaning that is a sentence, and names of its own', () => {
  assert.equal(renderTable().split('\n').length, SETTINGS.length + 2)
  for (const { key, meaning } of SETTINGS) assert.match(meaning, /^[A-Z].*\.$/, key)
  const secrets = SETTINGS.filter((setting) => setting.secret).length
  assert.equal(SLOT_OF_KEY.size, SETTINGS.length + secrets)
  assert.equal(SLOT_OF_ENVIRONMENT.size, SETTINGS.length + secrets)
})

it('a guide without the markers is refused', () => {
  assert.throws(() => insertTable('# Guide', renderTable()), /lacks/)
})

it('every setting that the guide names exists', () => {
  for (const [, key = ''] of guide.matchAll(/`((?:tls|taxii|limits|audit|backup)\.[a-z_]+)[`:]/g)) {
    assert.ok(SLOT_OF_KEY.has(key), key)
  }
})
