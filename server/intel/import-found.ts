import { TrustGroupError } from '../errors.ts'

/** Where an object stands in what was given. */
export interface Place {
  /** Line on which it begins, from 1. */
  readonly line: number
  /** JSON pointer within its outermost value; '' when the object is that value (one object a line). */
  readonly pointer: string
}

/** An object by its exact bytes, or one that no envelope could carry. */
export type Found =
  | {
      readonly kind: 'object'
      /** Place among all objects of the input, from 0. */
      readonly sequence: number
      readonly place: Place
      readonly bytes: Buffer
      /** `spec_version` of the bundle around it. */
      readonly specVersion: string | undefined
    }
  | {
      readonly kind: 'unfit'
      readonly sequence: number
      readonly place: Place
      readonly rule: 'too-deep' | 'too-large'
      readonly message: string
    }

/** A place as people read it. */
export function shown({ line, pointer }: Place): string {
  return pointer === '' ? `on line ${line}` : `${pointer} (line ${line})`
}

/** The input cannot be read on from here: brackets, commas or compression are broken. */
export class BrokenInputError extends TrustGroupError {
  override readonly name = 'BrokenInputError'
  /** From 1. */
  readonly line: number
  /** Bytes before the fault, unpacked. */
  readonly offset: number

  constructor(message: string, line: number, offset: number) {
    super(422, 'broken_input', `line ${line}, byte ${offset}: ${message}`)
    this.line = line
    this.offset = offset
  }
}
