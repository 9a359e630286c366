import assert from 'node:assert/strict'
import { hash } from '@node-rs/argon2'
import { it } from 'node:test'
import { knownPasswords } from '../../server/auth/factors/known-passwords.ts'
import { BadPasswordError, checkedPassword, MIN_PASSWORD } from '../../server/auth/factors/password-rules.ts'
import { hashPassword, PasswordVerifier } from '../../server/auth/factors/password.ts'

const HERE = { network: '192.0.2.1' }

function faultOf(password: string, names: readonly string[] = []): string {
  try {
    assert.equal(checkedPassword(password, names), password)
    return 'none'
  } catch (error) {
    assert.ok(error instanceof BadPasswordError)
    return error.fault
  }
}

it('the list of published passwords is held as far as the length rule lets them through', (test) => {
  const known = knownPasswords(MIN_PASSWORD)
  test.diagnostic(`${known.size} published passwords of at least ${MIN_PASSWORD} characters`)
  assert.ok(known.size > 9000 && known.size < 10_000)
  assert.equal(knownPasswords(MIN_PASSWORD), known, 'read once')
  for (const each of known) assert.ok(Array.from(each).length >= MIN_PASSWORD - 1, each)
})

it('length counts characters, not bytes or UTF-16 units, and anything may be in a password', () => {
  assert.equal(faultOf('x7'.repeat(7)), 'length')
  assert.equal(faultOf('x7q'.repeat(5)), 'none')
  assert.equal(faultOf('🦀🐙🐳🦉🐢🦊🐝🦓🐘🦑🐌🦔🐫🦩🐓'), 'none')
  assert.equal(faultOf('🦀🐙🐳🦉🐢🦊🐝🦓'), 'length')
  assert.equal(faultOf('e\u0301'.repeat(14)), 'length')
  assert.equal(faultOf('kq ö'.repeat(32)), 'none')
  assert.equal(faultOf(`${'kq ö'.repeat(32)}x`), 'length')
  assert.equal(faultOf('   leading and trailing   '), 'none')
})

it('published passwords are refused, whatever their case', () => {
  const [first = ''] = knownPasswords(MIN_PASSWORD)
  assert.equal(faultOf(first), 'published')
  assert.equal(faultOf(first.toUpperCase()), 'published')
  assert.equal(faultOf('1qaz2wsx3edc4rfv'), 'published')
})

it('a password that only repeats names is refused, one that holds them is not', () => {
  const names = ['alice', 'Alice Liddell', 'Puget Sound']
  for (const each of [
    'alicealicealice',
    'Alice-Alice-Alice-2026!',
    'LiddellAlice1234',
    'pugetsound pugetsound',
    'vouchsafevouchsafe',
    'alice@Vouchsafe1234',
  ]) {
    assert.equal(faultOf(each, names), 'names', each)
  }
  assert.equal(faultOf('alice keeps ferrets', names), 'none')
  assert.equal(faultOf('839201746529184', names), 'none')
})

it('two ways to write the same characters are one password; a hash of an earlier release goes on working', async () => {
  const passwords = new PasswordVerifier()
  const composed = 'caf\u00e9 on the corner of the square'
  const taken = composed.normalize('NFD')
  assert.notEqual(composed, taken)
  const made = await hashPassword(taken)
  assert.equal(await passwords.verify(made, composed, HERE), true)
  assert.equal(await passwords.verify(made, taken, HERE), true)
  const earlier = await hash(taken)
  assert.equal(await passwords.verify(earlier, taken, HERE), true)
  assert.equal(await passwords.verify(earlier, `${taken}!`, HERE), false)
  // NFKC would make these one: a full-width letter is another key
  assert.equal(await passwords.verify(await hashPassword('Ａ fair and long one'), 'A fair and long one', HERE), false)
})

it('a flood of one network does not hold up another, and those who were here before go first', async () => {
  const passwords = new PasswordVerifier()
  const known = await hashPassword('correct horse battery staple')
  const order: string[] = []
  const flood = Array.from({ length: 70 }, (_, i) =>
    passwords.verify(undefined, `wrong ${i}`, { network: `198.51.100.${i}` }).then(
      () => order.push('other'),
      () => order.push('put off'),
    ),
  )
  const familiar = passwords
    .verify(known, 'correct horse battery staple', { network: '192.0.2.7', familiar: true })
    .then((right) => order.push(right ? 'familiar' : 'wrong'))
  await Promise.all([...flood, familiar])
  assert.ok(order.filter((each) => each === 'put off').length > 0)
  const verified = order.filter((each) => each !== 'put off')
  assert.ok(verified.indexOf('familiar') <= 1, `came as number ${verified.indexOf('familiar')}`)
})
