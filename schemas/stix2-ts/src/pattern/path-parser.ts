import type { Lexer } from './lexer.ts'
import { unescape } from './literals.ts'
import { T } from './token.ts'
import type { ObjectPath, PathStep } from './tree.ts'

/** Reads `type:property.'quoted'[0]` (STIX 2.1 §9.7), or reports what is wrong with it. */
export function readPath(lexer: Lexer): ObjectPath | undefined {
  const { start, text } = lexer
  if (!lexer.at(T.name) && !lexer.at(T.hyphenName)) {
    return lexer.fail('object-path', 'A comparison begins with an object path; write one like file:name.')
  }
  const type = text.slice(start, lexer.end)
  lexer.next()
  if (!lexer.at(T.colon)) {
    return lexer.fail('object-path', 'A colon must follow the object type; write a path like file:name.')
  }
  const steps: PathStep[] = []
  let end: number
  do {
    // A step begins with the colon, the dot or the bracket, which is the current token here.
    const step = lexer.at(T.openBracket) ? readIndex(lexer) : readKey(lexer)
    if (step === undefined) return undefined
    steps.push(step)
    end = step.end
  } while (lexer.at(T.dot) || lexer.at(T.openBracket))
  return { kind: 'path', start, end, type, steps }
}

function readKey(lexer: Lexer): PathStep | undefined {
  lexer.next()
  const { kind, start, end, text } = lexer
  if (kind === T.string) {
    const body = text.slice(start + 1, end - 1)
    const name = lexer.escaped ? unescape(body) : body
    lexer.next()
    return { kind: 'key', start, end, name }
  }
  if (kind !== T.name) {
    const message =
      kind === T.hyphenName
        ? "A property with a hyphen must stand in quotes, like file:hashes.'SHA-256'."
        : 'A property name must stand here; put names that are keywords or hold other characters in quotes.'
    return lexer.fail('property-name', message)
  }
  lexer.next()
  return { kind: 'key', start, end, name: text.slice(start, end) }
}

function readIndex(lexer: Lexer): PathStep | undefined {
  const { start } = lexer
  lexer.next()
  if (lexer.kind !== T.star && lexer.kind !== T.integer) {
    return lexer.fail('list-index', 'A list position must stand in the brackets; write an integer or *.')
  }
  // Adding zero makes -0 and 0 one position.
  const index = lexer.kind === T.star ? '*' : Number(lexer.text.slice(lexer.start, lexer.end)) + 0
  if (index !== '*' && !Number.isSafeInteger(index)) {
    return lexer.fail('list-index', 'No list has this position; write an integer below 2^53.')
  }
  lexer.next()
  const { end } = lexer
  if (!lexer.take(T.closeBracket)) return lexer.fail('list-index', 'The list position does not end; close it with ].')
  return { kind: 'index', start, end, index }
}
