import type { Static, TSchema } from 'typebox'
import type { Context } from '../context.ts'

/** What an operation can use besides its arguments; the same whether it was called in the process or over the socket. */
export interface Exchange {
  /** Bytes that the caller sends; empty when it sends none. Read slowly, it slows the caller down. */
  readonly body: AsyncIterable<Uint8Array>
  /** Sends bytes to the caller; resolves when it can take more. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Says how far the work has come. */
  readonly progress: (state: ProgressState) => void
  /** The caller went away: stop at the next safe place. */
  readonly signal: AbortSignal
}

/** How far a long operation has come. */
export interface ProgressState {
  readonly done: number
  readonly total?: number | undefined
  readonly unit?: string | undefined
  /** A line for people that goes above the bar, for example a refused object. */
  readonly note?: string | undefined
}

/** One thing that the operator can have done. The result must survive JSON. */
export interface Operation<Args extends TSchema = TSchema, Result = unknown> {
  readonly args: Args
  readonly run: (context: Context, args: Static<Args>, exchange: Exchange) => Promise<Result>
}

/** Ties the arguments of an operation to the schema that checks them. */
export function operation<Args extends TSchema, Result>(
  args: Args,
  run: (context: Context, args: Static<Args>, exchange: Exchange) => Promise<Result>,
): Operation<Args, Result> {
  return { args, run }
}
