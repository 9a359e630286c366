import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { doubtsOf } from '../src/pattern/doubts.ts'
import { parsePattern } from '../src/pattern/parser.ts'
import { printPattern } from '../src/pattern/print.ts'
import { objectPathsOf } from '../src/pattern/walk.ts'

const SHA256 = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f'

function parsed(text: string): ReturnType<typeof parsePattern> & { readonly ok: true } {
  const reading = parsePattern(text)
  assert.ok(reading.ok, `${text} ${JSON.stringify(reading)}`)
  return reading
}

describe('parsePattern', () => {
  it('names the place and the rule of each fault', () => {
    const faults: readonly (readonly [string, string, string])[] = [
      ['', '', 'observation'],
      ['file:size = 1', 'file', 'observation'],
      ['[file:size = ]', ']', 'value'],
      ['[file:size 1]', '1', 'operator'],
      ['[file.size = 1]', '.', 'object-path'],
      ['[1:size = 1]', '1', 'object-path'],
      ['[file:hash-es = 1]', 'hash-es', 'property-name'],
      ['[file:START = 1]', 'START', 'property-name'],
      ['[file:a[x] = 1]', 'x', 'list-index'],
      ['[file:a[1 = 1]', '=', 'list-index'],
      ['[file:a[99999999999999999999] = 1]', '99999999999999999999', 'list-index'],
      ['[file:a = 01]', '01', 'number'],
      ['[file:a = +]', '+', 'number'],
      ["[file:a = 'x]", "'x]", 'string-end'],
      ["[file:a MATCHES '\\d']", '\\', 'string-escape'],
      ["[file:a = h'abc']", "h'abc'", 'hex'],
      ["[file:a = b'']", "b''", 'base64'],
      ["[file:a = b'====']", "b'===='", 'base64'],
      ["[file:a = t'2023-02-29T00:00:00Z']", "t'2023-02-29T00:00:00Z'", 'timestamp'],
      ["[file:a = t'2016-01-01T00:00:00.Z']", "t'2016-01-01T00:00:00.Z'", 'timestamp'],
      ['[file:a > true]', 'true', 'value'],
      ['[file:a LIKE 1]', '1', 'string'],
      ['[file:a IN 1]', '1', 'set'],
      ['[file:a IN (1,)]', ')', 'value'],
      ['[file:a IN (1 2)]', '2', 'set'],
      ['[file:a = 1', '', 'comparison'],
      ['[(file:a = 1]', ']', 'comparison'],
      ['([file:a = 1]', '', 'observation'],
      ['[file:a = 1]]', ']', 'observation'],
      ['[file:a = 1] [file:a = 1]', '[', 'observation'],
      ['[file:a = 1] within 5 SECONDS', 'within', 'observation'],
      ['[file:a = 1] WITHIN -5 SECONDS', '-5', 'within'],
      ['[file:a = 1] WITHIN 5 HOURS', 'HOURS', 'within'],
      ['[file:a = 1] REPEATS 0 TIMES', '0', 'repeats'],
      ['[file:a = 1] REPEATS 1.5 TIMES', '1.5', 'repeats'],
      ["[file:a = 1] START t'2016-01-01T00:00:00Z'", '', 'start-stop'],
      ['[NOT file:a = 1]', 'file', 'not'],
      ['[file:a = 1 /* AND]', '/* AND]', 'comment'],
      ['[file:a = /x/]', '/', 'character'],
      ["[file:hashes.MD5 IN ('f00')]", "'f00'", 'hash-value'],
      [`[file:hashes.'SHA-1' != '${SHA256}']`, `'${SHA256}'`, 'hash-value'],
      ['([file:a = 1] REPEATS 2 TIMES REPEATS 3 TIMES)', 'REPEATS 3 TIMES', 'qualifier-twice'],
    ]
    for (const [text, place, rule] of faults) {
      const reading = parsePattern(text)
      assert.ok(!reading.ok, text)
      const [first] = reading.problems
      assert.deepEqual([first?.rule, text.slice(first?.start, first?.end)], [rule, place], text)
    }
  })

  it('reports all hash values and qualifiers that are wrong', () => {
    const reading = parsePattern("[file:hashes.MD5 = 'a' OR file:hashes.MD5 = 'b'] WITHIN 1 SECONDS WITHIN 2 SECONDS")
    assert.ok(!reading.ok)
    assert.deepEqual(
      reading.problems.map(({ rule }) => rule),
      ['hash-value', 'hash-value', 'qualifier-twice'],
    )
  })

  it('leaves parts of hashes and hashes of unknown kinds alone', () => {
    parsed("[file:hashes.MD5 LIKE 'f00%' AND file:hashes.SSDEEP = '3:x' AND file:hashes.'x-own' = 'f']")
  })

  it('binds AND tightest and FOLLOWEDBY least', () => {
    const { pattern } = parsed('[a:b=1] FOLLOWEDBY [a:b=2] OR [a:b=3] AND [a:b=4] WITHIN 5 SECONDS')
    const { expression } = pattern
    assert.ok(expression.kind === 'observation-join' && expression.operator === 'FOLLOWEDBY')
    const right = expression.operands[1]
    assert.ok(right?.kind === 'observation-join' && right.operator === 'OR')
    const last = right.operands[1]
    assert.ok(last?.kind === 'observation-join' && last.operator === 'AND')
    assert.equal(last.operands[1]?.kind, 'qualified')
  })
})

describe('printPattern', () => {
  it('writes the canonical form', () => {
    const source = " ([x:'a'[ * ].'b-c'==+1 and_:b<>2])".replace(' and_:b<>2', ' AND (_:b <> .5 OR EXISTS y:z)')
    assert.equal(printPattern(parsed(source).pattern), "[x:a[*].'b-c' = 1 AND (_:b != .5 OR EXISTS y:z)]")
  })
})

describe('objectPathsOf', () => {
  it('gives each path with its type and span', () => {
    const text =
      "[file:name = 'a' AND NOT EXISTS file:size] OR ([ipv4-addr:value ISSUBSET '10.0.0.0/8']) REPEATS 2 TIMES"
    const found = objectPathsOf(parsed(text).pattern).map(({ type, start, end }) => [type, text.slice(start, end)])
    assert.deepEqual(found, [
      ['file', 'file:name'],
      ['file', 'file:size'],
      ['ipv4-addr', 'ipv4-addr:value'],
    ])
  })
})

describe('doubtsOf', () => {
  it('names what the reference validator lets pass', () => {
    const doubts: readonly (readonly [string, string])[] = [
      ['[a:b = 1 AND c:d = 1]', 'object-type'],
      ['[(a:b = 1 OR c:d = 1) AND e:f = 1]', 'object-type'],
      ["[a:b IN (1, 'x')]", 'mixed-set'],
      ["[a:b ISSUBSET '1234']", 'network'],
      ["[a:b MATCHES '(?=x)']", 'regex'],
      ['[a:b = 1] WITHIN 0 SECONDS', 'within'],
      ["[a:b = 1] START t'2016-01-01T00:00:00Z' STOP t'2016-01-01T00:00:00.0Z'", 'start-stop'],
      ['([a:b = 1]) REPEATS 2 TIMES REPEATS 2 TIMES', 'qualifier-twice'],
    ]
    for (const [text, rule] of doubts) {
      assert.deepEqual(
        doubtsOf(parsed(text).pattern).map((doubt) => doubt.rule),
        [rule],
        text,
      )
    }
  })

  it('has none about a pattern without fault', () => {
    const text = "[(a:b = 1 OR c:d = 1) AND (a:c IN (1, 2.5) OR c:e MATCHES 'x+')] WITHIN 1 SECONDS"
    assert.deepEqual(doubtsOf(parsed(text).pattern), [])
  })
})
