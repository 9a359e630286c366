import assert from 'node:assert/strict'
import { parse } from 'node:querystring'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { filterText, type ObjectQuery, parseObjectQuery, type QueryField } from '../../schemas/taxii/object-query.ts'

const FIELDS: readonly QueryField[] = ['added_after', 'limit', 'next', 'id', 'type', 'version', 'spec_version']

/** As Express's simple parser does it. */
function read(text: string, fields = FIELDS) {
  return parseObjectQuery({ ...parse(text) }, fields)
}

function queryOf(text: string): ObjectQuery {
  const result = read(text)
  assert.ok(result.ok, text)
  return result.query
}

function problemOf(text: string): string {
  const result = read(text)
  assert.ok(!result.ok, text)
  return result.problem.parameter
}

const value = fc.stringMatching(/^[a-z0-9-]{1,20}$/)
const values = fc.array(value, { minLength: 1, maxLength: 20 })
const digits = fc.stringMatching(/^[0-9]{0,30}$/)
const timestamp = fc
  .record({ second: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), digits })
  .map(({ second, digits: fraction }) => `${second.toISOString().slice(0, 19)}${fraction && `.${fraction}`}Z`)

describe('what is asked for', () => {
  it('an empty query asks for the latest version of everything', () => {
    assert.deepEqual(queryOf(''), {
      addedAfter: undefined,
      limit: undefined,
      next: undefined,
      ids: undefined,
      types: undefined,
      versions: { all: false, first: false, last: true, exact: [] },
      spec21: true,
    })
  })

  it('values are split at commas and kept as they are', () => {
    fc.assert(
      fc.property(values, values, (ids, types) => {
        const query = queryOf(`match[id]=${ids.join()}&match[type]=${types.join('%2C')}`)
        assert.deepEqual([query.ids, query.types], [ids, types])
      }),
    )
  })

  it('any timestamp is a good added_after and a good version', () => {
    fc.assert(
      fc.property(timestamp, (time) => {
        const query = queryOf(`added_after=${time}&match[version]=${time}`)
        assert.equal(query.addedAfter, time)
        assert.equal(query.versions.exact.length, 1)
        assert.equal(query.versions.last, false)
      }),
    )
  })

  it('versions that differ in trailing zeros only are one version', () => {
    fc.assert(
      fc.property(timestamp, fc.integer({ min: 1, max: 5 }), (time, zeros) => {
        const longer = `${time.includes('.') ? time.slice(0, -1) : `${time.slice(0, -1)}.`}${'0'.repeat(zeros)}Z`
        assert.deepEqual(queryOf(`match[version]=${longer}`).versions, queryOf(`match[version]=${time}`).versions)
        assert.equal(problemOf(`match[version]=${time},${longer}`), 'match[version]')
      }),
    )
  })

  it('first, last and exact versions in any order mean the same', () => {
    const parts = ['first', 'last', '2026-01-01T00:00:00Z']
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: 1 }), (chosen) => {
        assert.deepEqual(queryOf(`match[version]=${chosen.join()}`).versions, {
          all: false,
          first: chosen.includes('first'),
          last: chosen.includes('last'),
          exact: chosen.includes('2026-01-01T00:00:00Z') ? ['2026-01-01T00:00:00'] : [],
        })
      }),
    )
    assert.equal(queryOf('match[version]=all').versions.all, true)
  })

  it('spec_version: 2.1 among the wanted ones, or not', () => {
    for (const [text, expected] of [
      ['2.1', true],
      ['2.0,2.1', true],
      ['2.0', false],
      ['2.10', false],
    ] as const) {
      assert.equal(queryOf(`match[spec_version]=${text}`).spec21, expected, text)
    }
  })

  it('a limit is any whole number above 0, however long', () => {
    fc.assert(fc.property(fc.integer({ min: 1 }), (limit) => assert.equal(queryOf(`limit=${limit}`).limit, limit)))
    assert.equal(queryOf(`limit=${'9'.repeat(400)}`).limit, Number.MAX_SAFE_INTEGER)
  })
})

describe('what is refused', () => {
  const bad: Readonly<Record<string, readonly string[]>> = {
    added_after: [
      '',
      'now',
      '2026-11-21',
      '2026-02-30T00:00:00Z',
      '2026-11-21T20:21:31+01:00',
      `2026-11-21T20:21:31.${'1'.repeat(31)}Z`,
    ],
    limit: ['', '0', '-1', '1.5', 'abc', '+1', '%2B1', '1e3', '٣'],
    'match[id]': ['', 'a,', ',a', 'a,,b', Array.from({ length: 501 }, () => 'a').join()],
    'match[type]': ['', ','],
    'match[version]': ['', 'newest', 'all,first', 'last,all', 'first,first', 'all,all', 'Last', '2026', 'last,'],
    'match[spec_version]': ['', '2', '2.1.0', 'two', '2.1,'],
  }
  for (const [parameter, texts] of Object.entries(bad)) {
    it(`a bad ${parameter}, by its name`, () => {
      for (const text of texts) assert.equal(problemOf(`${parameter}=${text}`), parameter, text)
    })
  }

  it('a field that is given twice, also when the second is written in another way', () => {
    for (const field of FIELDS) {
      const parameter = ['added_after', 'limit', 'next'].includes(field) ? field : `match[${field}]`
      assert.equal(problemOf(`${parameter}=a&${parameter}=a`), parameter)
      assert.equal(problemOf(`${parameter}=a&${encodeURIComponent(parameter)}=a`), parameter)
    }
  })
})

describe('what is let be', () => {
  it('fields that an endpoint does not know, and unknown ones', () => {
    const result = read('match[type]=&match[id]=,&match[name]=x&x=1&x=2&__proto__=1', ['limit', 'version'])
    assert.ok(result.ok)
    assert.equal(result.query.types, undefined)
  })

  it('no text makes it fail', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...FIELDS.map((field) => `match[${field}]`), '=', '&', ',', '%'),
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const result = read(parts.join(''))
        if (result.ok) assert.ok(result.query.limit === undefined || result.query.limit > 0)
        else assert.ok(result.problem.message)
      }),
    )
  })
})

describe('filterText', () => {
  it('is the same for the same filters, whatever limit and next', () => {
    const filters = 'match[id]=a,b&match[version]=all'
    assert.equal(filterText(queryOf(`${filters}&limit=5`)), filterText(queryOf(`limit=9&next=x&${filters}`)))
  })

  it('differs when any filter differs, and never confuses one field with another', () => {
    const texts = [
      '',
      'match[id]=a',
      'match[type]=a',
      'match[id]=a,b',
      'match[id]=b,a',
      'match[version]=all',
      'match[version]=first',
    ]
    const more = [
      'match[version]=2026-01-01T00:00:00Z',
      'match[spec_version]=2.0',
      'added_after=2026-01-01T00:00:00Z',
      'match[id]=a&match[type]=a',
    ]
    const all = [...texts, ...more].map((text) => filterText(queryOf(text)))
    assert.equal(new Set(all).size, all.length)
  })
})
