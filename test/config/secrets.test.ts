import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { it } from 'node:test'
import { loadConfig } from '../../server/config/load.ts'
import { redactedConfig } from '../../server/config/redact.ts'

const URL_TEXT = 'postgres://u:hunter2@db/v'

function load(env: Readonly<Record<string, string>>, texts: Readonly<Record<string, string>> = {}) {
  return loadConfig(env, {
    readFile(path) {
      const text = texts[path]
      if (text === undefined) throw Object.assign(new Error('no file'), { code: 'ENOENT' })
      return text
    },
  })
}

it('a secret comes from a file named in the environment or in YAML, without its last line end', () => {
  const secret = { [resolve('/run/url')]: `${URL_TEXT}\n` }
  const fromEnvironment = load({ DATABASE_URL_FILE: '/run/url' }, secret)
  assert.equal(fromEnvironment.ok && fromEnvironment.config.databaseUrl, URL_TEXT)
  const yaml = { [resolve('/run/v.yaml')]: 'database_url_file: url\nbackup: { passphrase_file: ./pass }\n' }
  const pass = { [resolve('/run/pass')]: ' correct horse battery \r\n' }
  const fromYaml = load({ VOUCHSAFE_CONFIG: '/run/v.yaml' }, { ...secret, ...yaml, ...pass })
  assert.equal(fromYaml.ok && fromYaml.config.databaseUrl, URL_TEXT)
  assert.equal(fromYaml.ok && fromYaml.config.backup.passphrase, ' correct horse battery ')
})

it('the environment wins over a file that YAML names', () => {
  const texts = { [resolve('/run/v.yaml')]: 'database_url_file: nowhere\n' }
  const loaded = load({ VOUCHSAFE_CONFIG: '/run/v.yaml', DATABASE_URL: URL_TEXT }, texts)
  assert.equal(loaded.ok && loaded.config.databaseUrl, URL_TEXT)
})

it('both ways in one source, a missing file and an endless file are problems', () => {
  const message = (loaded: ReturnType<typeof load>) => (loaded.ok ? '' : loaded.problems.map((p) => p.message).join())
  const both = load({ DATABASE_URL: URL_TEXT, DATABASE_URL_FILE: '/run/url' }, { [resolve('/run/url')]: URL_TEXT })
  assert.match(message(both), /is also given by DATABASE_URL: keep one/)
  assert.match(message(load({ DATABASE_URL_FILE: '/run/url' })), /cannot be read from .*url \(ENOENT\)/)
  assert.match(message(load({ DATABASE_URL_FILE: '/u' }, { [resolve('/u')]: 'x'.repeat(70_000) })), /is too long/)
})

it('a secret that is wrong is not repeated in the message', () => {
  const loaded = load({ DATABASE_URL: 'mysql://hunter2', VOUCHSAFE_BACKUP_PASSPHRASE: 'hunter2' })
  assert.ok(!loaded.ok)
  assert.equal(loaded.problems.length, 2)
  assert.doesNotMatch(JSON.stringify(loaded), /hunter2/)
})

it('what is shown has every setting and no secret', () => {
  const loaded = load({ DATABASE_URL: URL_TEXT, VOUCHSAFE_BACKUP_PASSPHRASE: 'hunter2hunter2hunter2' })
  assert.ok(loaded.ok)
  const shown = redactedConfig(loaded.config)
  assert.doesNotMatch(JSON.stringify(shown), /hunter2/)
  assert.equal(shown['database_url'], '(hidden)')
  assert.equal(shown['backup.passphrase'], '(hidden)')
  assert.equal(shown['taxii.page_size'], 1000)
  const without = load({})
  assert.equal(without.ok && redactedConfig(without.config)['database_url'], undefined)
})
