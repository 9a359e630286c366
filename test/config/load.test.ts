import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { loadConfig, type LoadOptions } from '../../server/config/load.ts'

/** Reads from these texts by absolute path, and finds nothing else. */
function files(texts: Readonly<Record<string, string>>): LoadOptions['readFile'] & object {
  return (path) => {
    const text = texts[path]
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
    return text
  }
}

const NO_FILES = { readFile: files({}) }
const yaml = (text: string): LoadOptions => ({ readFile: files({ '/etc/v.yaml': text }) })
const FROM_YAML = { VOUCHSAFE_CONFIG: '/etc/v.yaml' }

/** The configuration, or the test fails with the problems. */
function good(env: Readonly<Record<string, string>>, options: LoadOptions = NO_FILES) {
  const loaded = loadConfig(env, options)
  assert.ok(loaded.ok, JSON.stringify(loaded))
  return loaded.config
}

/** The problems as `key @ source: message`. */
function bad(env: Readonly<Record<string, string>>, options: LoadOptions = NO_FILES): string[] {
  const loaded = loadConfig(env, options)
  assert.ok(!loaded.ok, 'nothing was found wrong')
  return loaded.problems.map(({ key, source, message }) => `${key} @ ${source}: ${message}`)
}

describe('defaults', () => {
  it('an empty environment gives the safe defaults', () => {
    assert.deepEqual(good({}), {
      dataFolder: resolve('data'),
      databasePoolSize: 6,
      listenHost: '127.0.0.1',
      listenPort: 8080,
      trustedProxies: [],
      tls: { selfSigned: false },
      mail: {},
      directory: {},
      taxii: {
        title: 'Vouchsafe',
        maxContentLength: 10_485_760,
        maxUnpackedLength: 41_943_040,
        pageSize: 1000,
        statusHours: 72,
      },
      limits: { requestSeconds: 15, headersSeconds: 5, maxConnections: 1000, databaseStatementSeconds: 10 },
      pageCacheBytes: 67_108_864,
      audit: { readFlushSeconds: 1 },
      logLevel: 'info',
      logPretty: false,
      backup: {},
    })
  })

  it('the result is frozen to its leaves, and a second one is another', () => {
    const config = good({})
    for (const part of [config, config.tls, config.taxii, config.trustedProxies]) assert.ok(Object.isFrozen(part))
    assert.notEqual(good({}).trustedProxies, config.trustedProxies)
  })
})

describe('sources', () => {
  it('the command line wins over the environment, which wins over the file, which wins over the default', () => {
    const text = 'listen_port: 1\ndatabase_pool_size: 11\nlog_level: warn\n'
    const env = { ...FROM_YAML, VOUCHSAFE_LISTEN_PORT: '2', VOUCHSAFE_DATABASE_POOL_SIZE: '12' }
    const config = good(env, { ...yaml(text), overrides: { listen_port: 3, log_pretty: undefined } })
    assert.deepEqual(
      [config.listenPort, config.databasePoolSize, config.logLevel, config.logPretty],
      [3, 12, 'warn', false],
    )
  })

  it('every kind of value comes from the environment', () => {
    const config = good({
      VOUCHSAFE_DATA: '/srv/v',
      DATABASE_URL: 'postgres://u:p@db/v',
      VOUCHSAFE_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      VOUCHSAFE_TLS_SELF_SIGNED: 'true',
      VOUCHSAFE_TAXII_MAX_CONTENT_LENGTH: '2 MiB',
      VOUCHSAFE_PAGE_CACHE_BYTES: '0',
      VOUCHSAFE_TLS_CLIENT_CA_FILE: 'ca.pem',
    })
    assert.equal(config.dataFolder, resolve('/srv/v'))
    assert.equal(config.databaseUrl, 'postgres://u:p@db/v')
    assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', '::1'])
    assert.equal(config.tls.selfSigned, true)
    assert.equal(config.taxii.maxContentLength, 2_097_152)
    assert.equal(config.taxii.maxUnpackedLength, 8_388_608)
    assert.equal(config.pageCacheBytes, 0)
    assert.equal(config.tls.clientCaFile, resolve('ca.pem'))
  })

  it('every kind of value comes from YAML, and its paths start at its folder', () => {
    const text = `
taxii: { max_content_length: 1 KiB, page_size: 50, title: "Härtefall" }
trusted_proxies:
  - 192.0.2.0/24
tls:
  self_signed: true
  client_ca_file: ca.pem
limits:
`
    const config = good(FROM_YAML, yaml(text))
    assert.deepEqual(
      [config.taxii.maxContentLength, config.taxii.pageSize, config.taxii.title],
      [1024, 50, 'Härtefall'],
    )
    assert.deepEqual(config.trustedProxies, ['192.0.2.0/24'])
    assert.equal(config.tls.clientCaFile, resolve('/etc/ca.pem'))
    assert.equal(config.configFile, resolve('/etc/v.yaml'))
  })

  it('vouchsafe.yaml of the data folder is read when no other file is named', () => {
    const readFile = files({ [resolve('/srv/v/vouchsafe.yaml')]: 'listen_port: 9' })
    assert.equal(good({ VOUCHSAFE_DATA: '/srv/v' }, { readFile }).listenPort, 9)
    assert.equal(good({}, { readFile, overrides: { data_folder: '/srv/v' } }).listenPort, 9)
  })

  it('a file that is named must be there, and cannot move the folder that it was found in', () => {
    assert.match(bad(FROM_YAML).join(), /^config_file @ VOUCHSAFE_CONFIG: cannot be read: .*v\.yaml \(ENOENT\)$/)
    const readFile = files({ [resolve('/srv/v/vouchsafe.yaml')]: 'data_folder: /elsewhere' })
    assert.match(bad({ VOUCHSAFE_DATA: '/srv/v' }, { readFile }).join(), /data_folder .*:1: cannot be set in a file/)
    assert.equal(good(FROM_YAML, yaml('data_folder: /elsewhere')).dataFolder, resolve('/elsewhere'))
  })

  it('an empty value is not set', () => {
    const config = good(
      { VOUCHSAFE_PUBLIC_URL: '', DATABASE_URL: '', ...FROM_YAML },
      yaml('public_url:\nlog_level: ""\n'),
    )
    assert.equal(config.publicUrl, undefined)
    assert.equal(config.databaseUrl, undefined)
    assert.equal(config.logLevel, 'info')
  })
})

describe('problems', () => {
  it('all are reported at once, each with its place', () => {
    const text = 'taxii:\n  page_size: 5\n  titel: x\nlog_level: loud\n'
    const env = { ...FROM_YAML, VOUCHSAFE_LISTEN_PORT: '70000', VOUCHSAFE_LOG_PRETY: 'true' }
    assert.deepEqual(bad(env, yaml(text)).toSorted(), [
      'VOUCHSAFE_LOG_PRETY @ VOUCHSAFE_LOG_PRETY: is no setting: did you mean VOUCHSAFE_LOG_PRETTY?',
      'listen_port @ VOUCHSAFE_LISTEN_PORT: must be a whole number from 0 to 65535, not "70000"',
      `log_level @ ${resolve('/etc/v.yaml')}:4: must be one of trace, debug, info, warn, error, fatal, silent, not "loud"`,
      `taxii.page_size @ ${resolve('/etc/v.yaml')}:2: must be a whole number from 10 to 1000, not 5`,
      `taxii.titel @ ${resolve('/etc/v.yaml')}:3: is no setting: did you mean taxii.title?`,
    ])
  })

  const wrong: readonly (readonly [string, string])[] = [
    ['VOUCHSAFE_LOG_PRETTY', 'yes'],
    ['VOUCHSAFE_LOG_PRETTY', 'False'],
    ['VOUCHSAFE_LISTEN_PORT', '80a'],
    ['VOUCHSAFE_LISTEN_PORT', '-1'],
    ['VOUCHSAFE_LISTEN_PORT', '1e3'],
    ['VOUCHSAFE_LISTEN_HOST', 'http://x'],
    ['VOUCHSAFE_PUBLIC_URL', 'http://intel.example'],
    ['VOUCHSAFE_PUBLIC_URL', 'https://u:p@intel.example'],
    ['VOUCHSAFE_PUBLIC_URL', 'https://intel.example/?q'],
    ['VOUCHSAFE_PUBLIC_URL', 'javascript:alert(1)'],
    ['VOUCHSAFE_PUBLIC_URL', 'https://intel.exa\nmple'],
    ['VOUCHSAFE_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['VOUCHSAFE_TRUSTED_PROXIES', '::/0'],
    ['VOUCHSAFE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['VOUCHSAFE_TRUSTED_PROXIES', '10.0.0.1,proxy.example'],
    ['VOUCHSAFE_TAXII_MAX_CONTENT_LENGTH', '1023'],
    ['VOUCHSAFE_TAXII_MAX_CONTENT_LENGTH', '101 MiB'],
    ['VOUCHSAFE_TAXII_MAX_CONTENT_LENGTH', '10 MB'],
    ['VOUCHSAFE_TAXII_STATUS_HOURS', '23'],
    ['VOUCHSAFE_TAXII_PAGE_SIZE', '1001'],
    ['VOUCHSAFE_TAXII_TITLE', 'two\nlines'],
    ['VOUCHSAFE_LOG_LEVEL', 'constructor'],
    ['DATABASE_URL', 'mysql://db/v'],
  ]
  for (const [name, value] of wrong) {
    it(`${name}=${JSON.stringify(value)} is refused`, () => {
      const problems = bad({ [name]: value })
      assert.equal(problems.length, 1)
      assert.match(problems.join(), new RegExp(` @ ${name}: must be `))
    })
  }

  it('YAML that is not plain is refused with its line', () => {
    for (const [text, line] of [
      ['listen_port: 1\nlisten_port: 2\n', 2],
      ['a: b: c\n', 1],
      ['listen_port: 1\n---\nlisten_port: 2\n', 2],
      ['log_level: !!js/function x\n', 1],
      ['listen_port: [1\n', 2],
    ] as const) {
      assert.match(bad(FROM_YAML, yaml(text)).join('\n'), new RegExp(`v\\.yaml:${line}: `), text)
    }
  })

  it('aliases, groups with a value, lists for a word and a file without keys are refused', () => {
    for (const text of [
      'log_level: &a info\ntaxii: { title: *a }',
      'taxii: 5',
      'taxii: [1]',
      'log_level: [info]',
      'log_level: { a: b }',
      'trusted_proxies: 10.0.0.1',
      'trusted_proxies: [[10.0.0.1]]',
      'taxii: { title: 2024 }',
      '- listen_port',
      'just text',
      '__proto__: { a: 1 }',
      'config_file: other.yaml',
    ]) {
      assert.equal(bad(FROM_YAML, yaml(text)).length, 1, text)
    }
  })

  it('a file that is far too large is not parsed', () => {
    assert.match(bad(FROM_YAML, yaml(`# ${'x'.repeat(300_000)}`)).join(), /too large/)
  })
})

describe('names that are not ours', () => {
  it('a near name is suggested, a far one is not', () => {
    const suggestion = (name: string) => /did you mean (\S+)\?/.exec(bad({ [name]: '1' }).join())?.[1]
    assert.equal(suggestion('VOUCHSAFE_PORT'), 'VOUCHSAFE_LISTEN_PORT')
    assert.equal(suggestion('VOUCHSAFE_DATABASE_URL'), 'DATABASE_URL')
    assert.equal(suggestion('VOUCHSAFE_TAXI_PAGE_SIZE'), 'VOUCHSAFE_TAXII_PAGE_SIZE')
    assert.equal(suggestion('VOUCHSAFE_UNRELATED_THING'), undefined)
    assert.equal(suggestion(`VOUCHSAFE_${'A'.repeat(5000)}`), undefined)
    assert.match(bad(FROM_YAML, yaml('page_size: 10')).join(), /did you mean taxii\.page_size\?/)
    assert.match(bad(FROM_YAML, yaml('taxii: { pageSize: 10 }')).join(), /did you mean taxii\.page_size\?/)
    assert.match(bad({}, { ...NO_FILES, overrides: { port: 1 } }).join(), /port @ command line: is no setting/)
  })

  it('variables that Kubernetes makes for a service of our name are left alone', () => {
    good({
      VOUCHSAFE_SERVICE_HOST: '10.0.0.1',
      VOUCHSAFE_SERVICE_PORT_HTTPS: '443',
      VOUCHSAFE_PORT: 'tcp://10.0.0.1:443',
      VOUCHSAFE_PORT_443_TCP_ADDR: '10.0.0.1',
      PATH: '/bin',
    })
  })
})
