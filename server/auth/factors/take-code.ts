import type { Context } from '../../context.ts'
import { run } from '../../storage/database.ts'
import { generatorsOf } from './code-generators.ts'
import { counterOf, type GeneratorKind } from './one-time-code.ts'

/**
 * Takes a code of one of the account's generators. Check and act are one statement, so each step and each count is good
 * for one sign-in, also when two arrive at the same time (ASVS 5.0 6.5.1).
 * @returns what kind of generator it was of; undefined when it is none, or was taken already
 */
export async function takeCode(
  context: Pick<Context, 'database' | 'seal' | 'clock'>,
  accountNo: number,
  code: string,
): Promise<GeneratorKind | undefined> {
  const nowMicros = context.clock.nowMicros()
  for (const generator of await generatorsOf(context, accountNo)) {
    const counter = generator.confirmed ? counterOf(code, generator, nowMicros) : undefined
    if (counter === undefined) continue
    const isTaken = await context.database.transaction(async (trx) => {
      const { count } = await run(
        trx,
        `update code_generator set last_counter = $2::bigint, last_used_micros = $3::bigint
          where generator_no = $1::int and last_counter < $2::bigint`,
        [generator.generatorNo, counter, nowMicros],
      )
      return count === 1
    })
    if (isTaken) return generator.kind
  }
  return undefined
}
