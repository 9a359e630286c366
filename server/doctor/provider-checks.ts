import { ADVICE } from '../auth/providers/provider-advice.ts'
import { reach } from '../auth/providers/provider-check.ts'
import { reachableProviders } from '../auth/providers/providers.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../storage/database.ts'
import { type Check, ok, warn } from './check.ts'

/** Whether each provider that signs people in can be reached, all at once; none when there are none. */
export async function checkProviders(database: Database, clock: Clock): Promise<readonly Check[]> {
  const providers = await reachableProviders(database)
  return await Promise.all(
    providers.map(async (provider) => {
      const name = `provider ${provider.name}`
      const trouble = await reach(clock, provider)
      if (!trouble) return ok(name, `${provider.title} can be reached`)
      const { cause, remedy } = ADVICE[trouble]
      return warn(
        name,
        `nobody can sign in with ${provider.title}: ${cause}`,
        `vouchsafe provider test ${provider.name}; ${remedy}`,
      )
    }),
  )
}
