import Value from 'typebox/value'
import type { Context } from '../context.ts'
import { BadRequestError, NotFoundError } from '../errors.ts'
import type { Exchange, Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'

/** Operations by name; tests have their own. */
export type Operations = Readonly<Record<string, Operation>>

/**
 * Finds an operation by its name, checks the arguments and does it.
 * @throws {NotFoundError} when there is no such operation: the other side is of another version
 * @throws {BadRequestError} when the arguments do not fit
 */
export async function perform(
  context: Context,
  name: string,
  args: unknown,
  exchange: Exchange,
  operations: Operations = OPERATIONS,
): Promise<unknown> {
  const found: Operation | undefined = Object.entries<Operation>(operations).find(([known]) => known === name)?.[1]
  if (!found) throw new NotFoundError(`the operation ${JSON.stringify(name.slice(0, 100))}`)
  const given = withoutUndefined(args)
  if (!Value.Check(found.args, given)) {
    const [problem] = Value.Errors(found.args, given)
    const place = problem?.instancePath ?? ''
    throw new BadRequestError('bad_arguments', `${name}${place}: ${problem?.message ?? 'the arguments do not fit'}`)
  }
  return await found.run(context, given, exchange)
}

/** Undefined is not given: as it would be on the wire. */
function withoutUndefined(args: unknown): unknown {
  if (typeof args !== 'object' || args === null) return args
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))
}
