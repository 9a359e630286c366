import { MatchStop } from './budget.ts'
import { bytesOfBase64, bytesOfHex } from './literals.ts'
import { nanosOfTimestamp } from './timestamp.ts'
import type { Literal, Span } from './tree.ts'

/** A binary value as a text with one character below U+0100 for each byte. */
export class Binary {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A literal made ready for comparison; an instant is in nanoseconds since 1970. */
interface Operand {
  readonly value: string | number | boolean | bigint | Binary
  readonly span: Span
}

/** Makes a literal ready for comparison. */
export function operandOf(literal: Literal): Operand {
  switch (literal.kind) {
    case 'hex':
      return { value: new Binary(bytesOfHex(literal.text) ?? ''), span: literal }
    case 'base64':
      return { value: new Binary(bytesOfBase64(literal.text) ?? ''), span: literal }
    case 'timestamp':
      return { value: nanosOfTimestamp(literal.text) ?? 0n, span: literal }
    case 'string':
    case 'integer':
    case 'float':
    case 'boolean':
      return { value: literal.value, span: literal }
  }
}

/**
 * Says whether a value of the data equals a literal (STIX 2.1 §9.6). Strings compare by code point without
 * normalisation, binary and string byte by character; what has different types is unequal. Throws {@link MatchStop}
 * when a string that is no timestamp meets a timestamp literal, as the reference matcher does.
 */
export function equals(value: unknown, operand: Operand): boolean {
  const right = operand.value
  if (value instanceof Binary) {
    return right instanceof Binary ? value.text === right.text : typeof right === 'string' && value.text === right
  }
  if (typeof value !== 'string') return value === right
  if (typeof right === 'bigint') return instantOf(value, operand.span) === right
  return right instanceof Binary ? value === right.text : value === right
}

/**
 * The order of a value against a literal: below zero, zero or above, undefined where there is none. Throws as
 * {@link equals} does.
 */
export function order(value: unknown, operand: Operand): number | undefined {
  const right = operand.value
  if (typeof value === 'number') return typeof right === 'number' ? value - right : undefined
  if (typeof value === 'string' && typeof right === 'bigint') {
    const instant = instantOf(value, operand.span)
    return instant < right ? -1 : instant > right ? 1 : 0
  }
  const leftText = value instanceof Binary ? value.text : value
  const rightText = right instanceof Binary ? right.text : right
  if (typeof leftText !== 'string' || typeof rightText !== 'string') return undefined
  if (value instanceof Binary !== right instanceof Binary && !(isByteText(leftText) && isByteText(rightText))) {
    return undefined
  }
  return compareCodePoints(leftText, rightText)
}

/** Says whether each character stands for a byte; only such a string has an order against a binary value. */
export function isByteText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) return false
  return true
}

function instantOf(text: string, span: Span): bigint {
  const instant = nanosOfTimestamp(text)
  if (instant !== undefined) return instant
  const message = 'A value in the data is no timestamp where the pattern compares one; correct the data or the path.'
  throw new MatchStop(span, 'data-timestamp', message)
}

/** The order of code points. JavaScript orders UTF-16 units, where U+1F600 would come before U+FF01. */
function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) return rank(a) - rank(b)
  }
  return left.length - right.length
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
