import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isMailAddress } from '../../mail/address.ts'

const GOOD = [
  'a@b',
  'alice@example.org',
  "o'hara+list@mail.example.co.uk",
  'x_y-z.1@xn--bcher-kva.example',
  `${'a'.repeat(64)}@example.org`,
]

const BAD: Readonly<Record<string, string>> = {
  'no at sign': 'alice',
  'no local part': '@example.org',
  'no domain': 'alice@',
  'two dots': 'a..b@example.org',
  'dot at the start': '.a@example.org',
  'dot at the end of the domain': 'a@example.org.',
  'quoted local part': '"a b"@example.org',
  'quoted local part with another address': '"x@evil.example"@example.org',
  comment: 'a(b)@example.org',
  'comment in the domain': 'a@example.org(c)',
  'display name': 'Alice <alice@example.org>',
  'address literal': 'a@[127.0.0.1]',
  'digits only': 'a@127.0.0.1',
  'line end and a recipient': 'a@example.org\r\nRCPT TO:<evil@example.net>',
  'line feed at the end': 'a@example.org\n',
  NUL: 'a@example.org\0',
  space: 'a b@example.org',
  comma: 'a@example.org,b@example.org',
  'hyphen at the start of a label': 'a@-x.org',
  underscore: 'a@x_y.org',
  'not ASCII': 'ä@example.org',
  'two at signs': 'a@b@example.org',
  'local part too long': `${'a'.repeat(65)}@example.org`,
  'all too long': `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(12)}.org`,
}

describe('a mail address', () => {
  for (const address of GOOD) it(`takes ${address.slice(0, 40)}`, () => assert.ok(isMailAddress(address)))
  for (const [name, address] of Object.entries(BAD)) it(`refuses: ${name}`, () => assert.ok(!isMailAddress(address)))

  it('has no character that means anything in SMTP or in a header', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom(...GOOD),
        fc.nat(40),
        (noise, good, at) => {
          const text = good.slice(0, at) + noise + good.slice(at)
          if (isMailAddress(text)) assert.match(text, /^[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]+@[A-Za-z0-9.-]+$/)
        },
      ),
      { numRuns: 5000 },
    )
  })
})
