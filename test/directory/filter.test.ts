import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseFilter } from '../../server/directory/filter.ts'
import { matcherOf } from '../../server/directory/matches.ts'
import type { DirectoryEntry } from '../../policies/directory-entry.ts'

/** Attributes of the model; the last is in no entry and known to nobody. */
const TEXTS = ['cn', 'uid', 'mail'] as const
const NAMES = ['memberOf'] as const
const UNKNOWN = 'shoeSize'

type Wanted =
  | { readonly is: 'and'; readonly of: readonly Wanted[] }
  | { readonly is: 'or'; readonly of: readonly Wanted[] }
  | { readonly is: 'not'; readonly of: Wanted }
  | { readonly is: 'present'; readonly name: string }
  | { readonly is: 'equal'; readonly name: string; readonly value: string }
  | { readonly is: 'like'; readonly name: string; readonly pieces: readonly string[] }
  | { readonly is: 'unknown' }

const value = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', ' ', '*', '(', ')', '\\', 'é', '🦊', '=', '&'),
  maxLength: 5,
})
const group = fc.constantFrom('cn=a,dc=x', 'CN=A, dc=X', 'cn=b,dc=x')

const wanted = fc.letrec<{ filter: Wanted }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ is: fc.constant('present' as const), name: fc.constantFrom(...TEXTS, ...NAMES, UNKNOWN) }),
    fc.record({ is: fc.constant('equal' as const), name: fc.constantFrom(...TEXTS, UNKNOWN), value }),
    fc.record({ is: fc.constant('equal' as const), name: fc.constantFrom(...NAMES), value: group }),
    fc.record({
      is: fc.constant('like' as const),
      name: fc.constantFrom(...TEXTS, ...NAMES, UNKNOWN),
      // no piece between two stars is empty (RFC 4511 §4.5.1.7.2)
      pieces: fc
        .tuple(
          value,
          fc.array(
            value.filter((text) => text !== ''),
            { maxLength: 2 },
          ),
          value,
        )
        .map(([first, between, last]) => [first, ...between, last])
        .filter((pieces) => pieces.join('') !== ''),
    }),
    fc.constant({ is: 'unknown' as const }),
    fc.record({ is: fc.constant('and' as const), of: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ is: fc.constant('or' as const), of: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ is: fc.constant('not' as const), of: tie('filter') }),
  ),
})).filter

const entry = fc
  .record({
    cn: fc.array(value, { maxLength: 2 }),
    uid: fc.array(value, { maxLength: 1 }),
    memberOf: fc.array(group, { maxLength: 2 }),
  })
  .map((attributes): DirectoryEntry => ({
    dn: 'uid=x,dc=x',
    attributes: new Map(Object.entries(attributes).filter(([, values]) => values.length > 0)),
  }))

/** RFC 4515 §3, as somebody would write it. */
function printed(filter: Wanted): string {
  const escaped = (text: string) => text.replaceAll(/[*()\\]/g, (c) => `\\${c.charCodeAt(0).toString(16)}`)
  switch (filter.is) {
    case 'and':
      return `(&${filter.of.map(printed).join('')})`
    case 'or':
      return `(|${filter.of.map(printed).join('')})`
    case 'not':
      return `(!${printed(filter.of)})`
    case 'present':
      return `(${filter.name}=*)`
    case 'equal':
      return `(${filter.name}=${escaped(filter.value)})`
    case 'like':
      return `(${filter.name}=${filter.pieces.map(escaped).join('*')})`
    case 'unknown':
      return '(?whatever=1)'
  }
}

/** Whether it matches, the slow and plain way; "maybe" is the undefined of RFC 4511. */
function model(filter: Wanted, { attributes }: DirectoryEntry): 'yes' | 'no' | 'maybe' {
  const plain = (text: string) => text.toLowerCase().split(' ').filter(Boolean).join(' ')
  const said = (is: boolean) => (is ? 'yes' : 'no')
  if (filter.is === 'unknown') return 'maybe'
  if (filter.is === 'not')
    return ({ yes: 'no', no: 'yes', maybe: 'maybe' } as const)[model(filter.of, { attributes, dn: '' })]
  if (filter.is === 'and' || filter.is === 'or') {
    const parts = filter.of.map((part) => model(part, { attributes, dn: '' }))
    const [decides, otherwise] = filter.is === 'and' ? (['no', 'yes'] as const) : (['yes', 'no'] as const)
    if (parts.includes(decides)) return decides
    return parts.includes('maybe') ? 'maybe' : otherwise
  }
  if (filter.name === UNKNOWN) return 'maybe'
  const values = attributes.get(filter.name) ?? []
  if (filter.is === 'present') return said(values.length > 0)
  const isName = NAMES.some((name) => name === filter.name)
  if (filter.is === 'like') {
    if (isName) return 'maybe'
    return said(values.some((each) => isLike(plain(each), filter.pieces)))
  }
  const dn = (text: string) => text.toLowerCase().replaceAll(' ', '')
  return said(values.some((each) => (isName ? dn(each) === dn(filter.value) : plain(each) === plain(filter.value))))
}

function isLike(text: string, pieces: readonly string[]): boolean {
  const squeezed = (piece: string) => piece.toLowerCase().replaceAll(/ +/g, ' ')
  const quoted = (piece: string) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const last = pieces.length - 1
  const inner = pieces.map((piece, at) => {
    const one = squeezed(piece)
    return quoted(at === 0 ? one.replace(/^ /, '') : at === last ? one.replace(/ $/, '') : one)
  })
  return new RegExp(`^${inner.join('.*')}$`, 'su').test(text)
}

describe('filters of the directory', () => {
  it('match what a plain model of RFC 4511 matches', () => {
    const words = { yes: true, no: false, maybe: undefined } as const
    fc.assert(
      fc.property(wanted, entry, (filter, candidate) => {
        const parsed = parseFilter(printed(filter))
        assert.ok(parsed.ok, printed(filter))
        assert.equal(matcherOf(parsed.filter)(candidate), words[model(filter, candidate)], printed(filter))
      }),
      { numRuns: 3000 },
    )
  })

  it('match pieces of a text in their order, without sharing a letter', () => {
    const piece = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength })
    const solid = piece(2).filter((text) => text !== '')
    const pieces = fc
      .tuple(piece(2), fc.array(solid, { maxLength: 3 }), piece(2))
      .map(([first, between, last]) => [first, ...between, last])
      .filter((all) => all.join('') !== '')
    fc.assert(
      fc.property(piece(6), pieces, (text, all) => {
        const candidate = { dn: '', attributes: new Map([['cn', [text]]]) }
        const parsed = parseFilter(printed({ is: 'like', name: 'cn', pieces: all }))
        assert.ok(parsed.ok)
        const expected = model({ is: 'like', name: 'cn', pieces: all }, candidate) === 'yes'
        assert.equal(matcherOf(parsed.filter)(candidate), expected, JSON.stringify([text, all]))
      }),
      { numRuns: 5000 },
    )
  })

  it('are taken whole or not at all', () => {
    const wrong = [
      '',
      'uid=a',
      '(uid=a',
      'uid=a)',
      '(uid=a))',
      '(uid=a)(uid=b)',
      '(uid=a(b)',
      '()',
      '(&',
      '(!)',
      '(=a)',
    ]
    const more = [
      '(uid=\\zz)',
      '(uid=\\2)',
      '(uid)',
      '(!(uid=a)(uid=b))',
      '(&uid=a)',
      '(u id=a)',
      ' (uid=a)',
      '(uid=a) ',
    ]
    for (const text of [...wrong, ...more]) {
      assert.deepEqual(parseFilter(text), { ok: false, why: 'wrong' }, JSON.stringify(text))
    }
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('(', ')', '&', '|', '!', '=', '*', '\\', '2', 'a', '?', ':') }),
        (text) => {
          const parsed = parseFilter(text)
          if (parsed.ok) matcherOf(parsed.filter)({ dn: '', attributes: new Map() })
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('have a limit of depth and of parts', () => {
    const nested = (depth: number) => `${'(&'.repeat(depth)}(uid=a)${')'.repeat(depth)}`
    assert.ok(parseFilter(nested(60)).ok)
    for (const depth of [64, 1000, 100_000]) assert.deepEqual(parseFilter(nested(depth)), { ok: false, why: 'large' })
    assert.deepEqual(parseFilter('(!'.repeat(200_000)), { ok: false, why: 'large' })
    assert.deepEqual(parseFilter(`(|${'(uid=a)'.repeat(2000)})`), { ok: false, why: 'large' })
    const started = performance.now()
    const long = parseFilter(`(cn=${'*a'.repeat(60_000)})`)
    assert.ok(
      long.ok && matcherOf(long.filter)({ dn: '', attributes: new Map([['cn', ['a'.repeat(1000)]]]) }) === false,
    )
    assert.ok(performance.now() - started < 1000)
  })
})
