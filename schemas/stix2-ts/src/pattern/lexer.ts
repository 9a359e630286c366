import { continuesName, isDigit, isSpace, startsName } from './char-class.ts'
import { isBase64, isHex } from './literals.ts'
import type { PatternProblem } from './problem.ts'
import { isTimestamp } from './timestamp.ts'
import { keywordAt, T } from './token.ts'

const QUOTE = 0x27
const BACKSLASH = 0x5c
const STAR = 0x2a
const SLASH = 0x2f
const DOT = 0x2e
const HYPHEN = 0x2d
const PLUS = 0x2b
const ZERO = 0x30
const EQUALS = 0x3d

const PUNCTUATION = new Uint8Array(128)
PUNCTUATION[0x5b] = T.openBracket
PUNCTUATION[0x5d] = T.closeBracket
PUNCTUATION[0x28] = T.openParen
PUNCTUATION[0x29] = T.closeParen
PUNCTUATION[0x3a] = T.colon
PUNCTUATION[0x2c] = T.comma
PUNCTUATION[STAR] = T.star

/**
 * Reads the tokens of a pattern one after the other, in one pass over the character codes. The current token is in
 * `kind`, `start` and `end`; nothing is allocated for it. On a fault `kind` is invalid and `rule` and `message` say why.
 */
export class Lexer {
  readonly text: string
  kind: number = T.end
  start = 0
  end = 0
  /** Whether the string at hand holds a backslash. */
  escaped = false
  rule = ''
  message = ''
  /** Open brackets and parentheses around the current token, as the parser counts them. */
  depth = 0
  /** The first fault that the parser reported: the rest of the text has no meaning after it. */
  problem: PatternProblem | undefined

  constructor(text: string) {
    this.text = text
  }

  /** Moves to the next token. */
  next(): void {
    const text = this.text
    let at = this.end
    let code = text.charCodeAt(at)
    while (isSpace(code) || code === SLASH) {
      if (code === SLASH) {
        const after = this.#afterComment(at)
        if (after === -1) return
        at = after
      } else at++
      code = text.charCodeAt(at)
    }
    this.start = at
    if (at >= text.length) this.#accept(T.end, text.length)
    else if (startsName(code)) this.#readName(at)
    else if (code === QUOTE) this.#readString(at)
    else if (isDigit(code) || code === DOT || code === HYPHEN || code === PLUS) this.#readNumber(at, code)
    else {
      const mark = code < 128 ? (PUNCTUATION[code] ?? 0) : 0
      if (mark !== 0) this.#accept(mark, at + 1)
      else this.#readOperator(at)
    }
  }

  /** Says whether the current token is of this kind. */
  at(kind: number): boolean {
    return this.kind === kind
  }

  /** Moves on when the current token is of this kind. */
  take(kind: number): boolean {
    if (this.kind !== kind) return false
    this.next()
    return true
  }

  /** Reports a fault at the current token; what the lexer found wrong with the token goes first. */
  fail(rule: string, message: string): undefined {
    const { start, end } = this
    this.problem ??=
      this.kind === T.invalid ? { start, end, rule: this.rule, message: this.message } : { start, end, rule, message }
    return undefined
  }

  #accept(kind: number, end: number): void {
    this.kind = kind
    this.end = end
  }

  #refuse(end: number, rule: string, message: string): void {
    this.kind = T.invalid
    this.end = end
    this.rule = rule
    this.message = message
  }

  #afterComment(at: number): number {
    const code = this.text.charCodeAt(at + 1)
    if (code === SLASH) {
      let end = at + 2
      while (end < this.text.length && this.text.charCodeAt(end) !== 0x0a && this.text.charCodeAt(end) !== 0x0d) end++
      return end
    }
    const close = code === STAR ? this.text.indexOf('*/', at + 2) : -1
    if (close !== -1) return close + 2
    this.start = at
    if (code === STAR) this.#refuse(this.text.length, 'comment', 'This comment does not end; close it with */.')
    else this.#refuse(at + 1, 'character', 'A slash stands alone; put a string or a regular expression in quotes.')
    return -1
  }

  #readName(start: number): void {
    const text = this.text
    let at = start + 1
    while (continuesName(text.charCodeAt(at))) at++
    const next = text.charCodeAt(at)
    if (next === QUOTE && at === start + 1 && this.#readTagged(start)) return
    if (next !== HYPHEN) {
      this.#accept(keywordAt(text, start, at), at)
      return
    }
    while (text.charCodeAt(at) === HYPHEN || continuesName(text.charCodeAt(at))) at++
    this.#accept(T.hyphenName, at)
  }

  /** t'…', h'…' and b'…'. Any other single letter before a quote is a name. */
  #readTagged(start: number): boolean {
    const text = this.text
    const tag = text.charCodeAt(start)
    if (tag !== 0x74 && tag !== 0x68 && tag !== 0x62) return false
    const close = text.indexOf("'", start + 2)
    if (close === -1) this.#refuse(text.length, 'string-end', 'This literal does not end; close it with a quote.')
    else if (tag === 0x74 && isTimestamp(text, start + 2, close)) this.#accept(T.timestamp, close + 1)
    else if (tag === 0x68 && isHex(text, start + 2, close)) this.#accept(T.hex, close + 1)
    else if (tag === 0x62 && isBase64(text, start + 2, close)) this.#accept(T.base64, close + 1)
    else if (tag === 0x74)
      this.#refuse(close + 1, 'timestamp', "This is no timestamp; write it in UTC like t'2016-01-20T12:31:12.123Z'.")
    else if (tag === 0x68)
      this.#refuse(close + 1, 'hex', "This is no hexadecimal value; write two digits for each byte, like h'ffd8'.")
    else this.#refuse(close + 1, 'base64', "This is no base64 value; write padded groups of four, like b'AQIDBA=='.")
    return true
  }

  #readString(start: number): void {
    const text = this.text
    this.escaped = false
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        this.#accept(T.string, at + 1)
        return
      }
      if (code !== BACKSLASH) continue
      this.escaped = true
      const next = text.charCodeAt(++at)
      if (next === QUOTE || next === BACKSLASH) continue
      this.start = at - 1
      this.#refuse(at, 'string-escape', "A backslash escapes only ' and \\ here; write \\\\ for a backslash.")
      return
    }
    this.#refuse(text.length, 'string-end', 'This string does not end; close it with a quote.')
  }

  #readNumber(start: number, first: number): void {
    const text = this.text
    let at = first === HYPHEN || first === PLUS ? start + 1 : start
    const digits = at
    while (isDigit(text.charCodeAt(at))) at++
    const whole = at
    if (text.charCodeAt(at) === DOT && isDigit(text.charCodeAt(at + 1))) {
      at++
      while (isDigit(text.charCodeAt(at))) at++
      this.#accept(T.float, at)
    } else if (whole === digits) {
      if (first === DOT) this.#accept(T.dot, start + 1)
      else this.#refuse(start + 1, 'number', 'A sign stands alone; write digits after it.')
    } else if (text.charCodeAt(digits) === ZERO && whole > digits + 1)
      this.#refuse(whole, 'number', 'An integer does not begin with zero; leave the leading zeros out.')
    else this.#accept(T.integer, whole)
  }

  #readOperator(start: number): void {
    const text = this.text
    const code = text.charCodeAt(start)
    const next = text.charCodeAt(start + 1)
    if (code === EQUALS) this.#accept(T.eq, next === EQUALS ? start + 2 : start + 1)
    else if (code === 0x21 && next === EQUALS) this.#accept(T.neq, start + 2)
    else if (code === 0x3c && next === 0x3e) this.#accept(T.neq, start + 2)
    else if (code === 0x3c) this.#accept(next === EQUALS ? T.le : T.lt, next === EQUALS ? start + 2 : start + 1)
    else if (code === 0x3e) this.#accept(next === EQUALS ? T.ge : T.gt, next === EQUALS ? start + 2 : start + 1)
    else
      this.#refuse(start + 1, 'character', 'This character has no meaning outside quotes; remove it or quote the text.')
  }
}
