import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { vcard } from '../../server/members/vcard.ts'
import { testSite } from '../support/site.ts'
import { waterGroup } from './water.ts'

const site = await testSite()
after(() => site.close())
const water = await waterGroup(site, ['bob', 'carol'])

/** A property of a card as RFC 6350 §3.3 writes it. */
interface Property {
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  readonly value: string
}

/** Reads cards as RFC 6350 says, and refuses everything that it does not say. */
function readCards(text: string): readonly (readonly Property[])[] {
  assert.ok(text.endsWith('\r\n'))
  assert.doesNotMatch(text.replaceAll('\r\n', ''), /[\r\n]/, 'every line ends with CR LF')
  for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
  const lines = text.slice(0, -2).replaceAll('\r\n ', '').split('\r\n')
  const cards: Property[][] = []
  for (const line of lines) {
    const property = readLine(line)
    if (property.name === 'BEGIN') cards.push([])
    cards.at(-1)?.push(property)
  }
  for (const card of cards) {
    assert.deepEqual([card[0]?.value, card[1]?.name, card[1]?.value], ['VCARD', 'VERSION', '4.0'])
    assert.equal(card.at(-1)?.name, 'END')
    assert.equal(card.filter(({ name }) => name === 'FN').length, 1)
  }
  return cards
}

function readLine(line: string): Property {
  const head = /^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\p{Cc}]*"|[^";:,\p{Cc}]*))*):/u.exec(line)
  assert.ok(head, line)
  const value = line.slice(head[0].length)
  assert.doesNotMatch(value, /\p{Cc}/u, 'no control character in a value')
  const parameters = [...(head[2] ?? '').matchAll(/;([A-Z-]+)=(?:"([^"]*)"|([^;:]*))/g)].map(
    ([, name, quoted, plain]) => [name ?? '', unquoted(quoted ?? plain ?? '')] as const,
  )
  return { name: head[1] ?? '', parameters: Object.fromEntries(parameters), value: unescaped(value) }
}

function unquoted(text: string): string {
  return text.replaceAll(/\^(.)/g, (_, code: string) => ({ n: '\n', "'": '"', '^': '^' })[code] ?? `^${code}`)
}

function unescaped(text: string): string {
  assert.doesNotMatch(text.replaceAll(/\\[\\,;n]/g, ''), /\\/, 'a backslash escapes one of four characters')
  return text.replaceAll(/\\([\\,;n])/g, (_, code: string) => (code === 'n' ? '\n' : code))
}

const NOTHING = {
  uid: 'u',
  name: 'N',
  organisation: '',
  email: '',
  phone: '',
  sms: '',
  im: '',
  postal: '',
  timeZone: '',
  languages: [],
  fingerprint: '',
  category: 'G',
}

describe('a vCard', () => {
  it('carries any text whole: commas, line ends, quotes, long names of any script, and nothing that breaks out', () => {
    const hard = [
      'Ada, "the; \\ first"',
      'x\r\nEND:VCARD\r\nBEGIN:VCARD',
      'ü'.repeat(200),
      '😀'.repeat(60),
      'a'.repeat(75),
      ' lead\\n',
      'tab\tand\u0000nul',
    ]
    for (const name of hard) {
      const [card, ...others] = readCards(vcard({ ...NOTHING, name, organisation: name, postal: name, im: name }))
      assert.equal(others.length, 0)
      const kept = name.replaceAll('\r\n', '\n').replaceAll(/[\t\0]/g, ' ')
      const valueOf = (wanted: string) => card?.find((each) => each.name === wanted)?.value
      assert.equal(valueOf('FN'), kept)
      assert.equal(valueOf('ORG'), kept)
      assert.equal(card?.find((each) => each.name === 'ADR')?.parameters['LABEL'], kept)
      assert.equal(valueOf('NOTE'), `IM: ${kept}`)
    }
  })

  it('says how to reach somebody in the properties that address books know', () => {
    const [card] = readCards(
      vcard({
        ...NOTHING,
        phone: '+1 206 555 0100 ext. 4',
        sms: '+12065550100',
        im: 'xmpp:ada@chat.example',
        languages: ['en', 'es'],
        fingerprint: 'ABCD',
      }),
    )
    const lines = card?.map(({ name, parameters, value }) => [name, parameters, value])
    assert.deepEqual(lines?.slice(5, -2), [
      ['TEL', { VALUE: 'text', TYPE: 'voice' }, '+1 206 555 0100 ext. 4'],
      ['TEL', { VALUE: 'uri', TYPE: 'text,cell' }, 'tel:+12065550100'],
      ['IMPP', {}, 'xmpp:ada@chat.example'],
      ['LANG', { PREF: '1' }, 'en'],
      ['LANG', { PREF: '2' }, 'es'],
      ['KEY', { VALUE: 'uri' }, 'OPENPGP4FPR:ABCD'],
    ])
  })
})

describe('cards of a group', () => {
  it('are one file with what each member shares, and a page to print that says when it was made', async () => {
    await water.profile('bob', { phone: '+1 206 555 0100', affiliation: 'Port; of, Tacoma', hide_email: true })
    await water.put('carol', 'blocked')
    const bob = await water.visitor('bob')
    const file = await bob.get('/groups/water/cards/vcards')
    assert.equal(file.status, 200)
    assert.match(file.headers.get('content-type') ?? '', /^text\/vcard/)
    const cards = readCards(file.text)
    const names = cards.map((card) => card.find(({ name }) => name === 'FN')?.value)
    assert.deepEqual(names, ['alice', 'bob'])
    const own = cards[1] ?? []
    assert.equal(own.find(({ name }) => name === 'ORG')?.value, 'Port; of, Tacoma')
    assert.equal(
      own.find(({ name }) => name === 'EMAIL'),
      undefined,
    )
    assert.equal(cards[0]?.find(({ name }) => name === 'EMAIL')?.value, 'alice@city.example')
    const { text } = await bob.get('/groups/water/cards')
    assert.match(text, /2 members, made\s*<time/)
    assert.match(text, /206 555 0100/)
    assert.doesNotMatch(text, /bob@city\.example|carol/)
  })
})
