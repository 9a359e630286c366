import fc from 'fast-check'
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createLog } from '../../server/log.ts'

/** A log and the text that it has written. */
function capture(logPretty: boolean, logLevel: 'info' | 'warn' = 'info') {
  const written: string[] = []
  const log = createLog({ logLevel, logPretty }, { write: (text: string) => void written.push(text) })
  return { log, text: () => written.join('') }
}

it('a line is JSON with time, level, data and text, and nothing about the machine', () => {
  const { log, text } = capture(false)
  log.info({ peer: 'p1', count: 3 }, 'pulled')
  const { time, ...rest } = JSON.parse(text())
  assert.match(time, /^\d{4}-\d{2}-\d{2}T/)
  assert.deepEqual(rest, { level: 'info', peer: 'p1', count: 3, msg: 'pulled' })
})

it('lines below the level are not written', () => {
  const { log, text } = capture(false, 'warn')
  log.info('quiet')
  assert.equal(text(), '')
})

for (const logPretty of [false, true]) {
  const mode = logPretty ? 'pretty' : 'JSON'

  it(`secrets and bodies do not reach the ${mode} log, at any depth and in any spelling`, () => {
    const { log, text } = capture(logPretty)
    const names = ['authorization', 'Authorization', 'Set-Cookie', 'cookie', 'password', 'newPassword', 'token']
    const more = ['access_token', 'passphrase', 'clientSecret', 'secret', 'body', 'x-api-key', 'privateKey']
    for (const name of [...names, ...more]) {
      log.info({ [name]: 'hunter2' }, 'top')
      log.info({ request: { headers: [{ [name]: { value: 'hunter2' } }] } }, 'deep')
      log.child({ [name]: 'hunter2' }).info('child')
    }
    log.error({ err: Object.assign(new Error('failed'), { password: 'hunter2' }) }, 'error')
    assert.doesNotMatch(text(), /hunter2/)
    assert.match(text(), /\(left out\)/)
  })

  it(`no text makes a second line or moves the cursor in the ${mode} log`, () => {
    const hostile = fc.string({
      unit: fc.constantFrom('\n', '\r', '\u001b[31m', '\u009b', '\u2028', '\u202e', '\b', '\0', 'a', ' '),
    })
    fc.assert(
      fc.property(hostile, hostile, (value, name) => {
        const { log, text } = capture(logPretty)
        log.child({ bound: value }).info({ value, [`n${name}`]: [value] }, value)
        assert.equal(text().indexOf('\n'), text().length - 1)
        // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
        assert.doesNotMatch(text().slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u2028\u202e]|\\u00|\\[nrb]/)
      }),
    )
  })

  it(`a forged line in the message of an error stays part of it in the ${mode} log`, () => {
    const { log, text } = capture(logPretty)
    log.error({ err: new Error('bad\n2026-11-21T00:00:00Z INFO  all is well\u001b[2K') }, 'failed')
    const [, ...rest] = text().trimEnd().split('\n')
    for (const line of rest) assert.match(line, /^ {4}\| /)
    // oxlint-disable-next-line no-control-regex -- the escape character is what it looks for
    assert.doesNotMatch(text(), /\u001b|\\u001b/)
  })

  it(`one call cannot fill the disk through the ${mode} log`, () => {
    const { log, text } = capture(logPretty)
    log.info({ value: 'x'.repeat(1_000_000), many: Array.from({ length: 10_000 }, () => 'y') }, 'big')
    assert.ok(text().length < 5_000, String(text().length))
  })
}

it('a field called __proto__ is a field', () => {
  const { log, text } = capture(false)
  log.info(JSON.parse('{"value":{"__proto__":{"polluted":"a\\nb"}}}'), 'parsed')
  assert.match(text(), /"__proto__":\{"polluted":"a b"\}/)
  assert.equal(Reflect.get({}, 'polluted'), undefined)
})
