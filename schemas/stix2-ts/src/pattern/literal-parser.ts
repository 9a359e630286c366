import type { Lexer } from './lexer.ts'
import { unescape } from './literals.ts'
import { T } from './token.ts'
import type { Literal, NumberLiteral, SetLiteral, StringLiteral, TimestampLiteral } from './tree.ts'

const PLUS = 0x2b
const HYPHEN = 0x2d

/** Reads a string literal, or reports what stands in its place. */
export function readString(lexer: Lexer): StringLiteral | undefined {
  const { start, end } = lexer
  if (lexer.kind !== T.string) return lexer.fail('string', 'A string must stand here; write it in single quotes.')
  const body = lexer.text.slice(start + 1, end - 1)
  const value = lexer.escaped ? unescape(body) : body
  lexer.next()
  return { kind: 'string', start, end, value }
}

/** Reads an integer or a float of any sign. The caller has seen the token. */
export function readNumber(lexer: Lexer): NumberLiteral {
  const { start, end, text } = lexer
  const digits = text.slice(text.charCodeAt(start) === PLUS ? start + 1 : start, end)
  const kind = lexer.kind === T.integer ? 'integer' : 'float'
  lexer.next()
  return { kind, start, end, value: Number(digits), text: digits }
}

/** Says whether the current token is a number without a minus sign. */
export function isUnsigned(lexer: Lexer): boolean {
  return (lexer.kind === T.integer || lexer.kind === T.float) && lexer.text.charCodeAt(lexer.start) !== HYPHEN
}

/** Reads a timestamp literal, or reports what stands in its place. */
export function readTimestamp(lexer: Lexer): TimestampLiteral | undefined {
  const { start, end } = lexer
  if (lexer.kind !== T.timestamp) {
    return lexer.fail('timestamp', "A timestamp must stand here; write it like t'2016-01-20T12:31:12.123Z'.")
  }
  const text = lexer.text.slice(start + 2, end - 1)
  lexer.next()
  return { kind: 'timestamp', start, end, text }
}

/** Reads any constant but a set, or reports what stands in its place (STIX 2.1 §9.2). */
export function readLiteral(lexer: Lexer): Literal | undefined {
  const { kind, start, end } = lexer
  switch (kind) {
    case T.string:
      return readString(lexer)
    case T.integer:
    case T.float:
      return readNumber(lexer)
    case T.timestamp:
      return readTimestamp(lexer)
    case T.hex:
    case T.base64: {
      const text = lexer.text.slice(start + 2, end - 1)
      lexer.next()
      return { kind: kind === T.hex ? 'hex' : 'base64', start, end, text }
    }
    case T.true:
    case T.false:
      lexer.next()
      return { kind: 'boolean', start, end, value: kind === T.true }
    default:
      return lexer.fail('value', 'A value must stand here; write a string in single quotes, a number, true or false.')
  }
}

/** Reads the set after IN, which may be empty. */
export function readSet(lexer: Lexer): SetLiteral | undefined {
  const { start } = lexer
  if (!lexer.take(T.openParen)) return lexer.fail('set', "IN needs a set in parentheses, like ('a', 'b').")
  const items: Literal[] = []
  if (lexer.kind !== T.closeParen) {
    do {
      const item = readLiteral(lexer)
      if (item === undefined) return undefined
      items.push(item)
    } while (lexer.take(T.comma))
  }
  const { end } = lexer
  if (!lexer.take(T.closeParen)) return lexer.fail('set', 'The set does not end; separate by commas and close with ).')
  return { kind: 'set', start, end, items }
}
