import type { Context } from '../../context.ts'
import { run } from '../../storage/database.ts'

/** While nothing changes, a provider's state is written no more often. */
const SAME_MICROS = 60_000_000

/** Notes how a provider answered just now, for those who look after it. */
export async function noteTrouble(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  provider: { readonly providerNo: number },
  trouble: string | undefined,
): Promise<void> {
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await run(
      trx,
      `update sign_in_provider set checked_micros = $2::bigint, trouble = $3::text
        where provider_no = $1::int
          and (checked_micros is null or checked_micros <= $4::bigint or trouble is distinct from $3::text)`,
      [provider.providerNo, nowMicros, trouble ?? null, nowMicros - SAME_MICROS],
    )
  })
}
