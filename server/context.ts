import type { Attempts } from './auth/factors/attempts.ts'
import type { Authenticator } from './auth/programs/authenticate.ts'
import type { OpenIdProviders } from './auth/oidc/openid-providers.ts'
import type { PageTokens } from './auth/programs/page-token.ts'
import type { PasswordVerifier } from './auth/factors/password.ts'
import type { Seal } from './auth/seal.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config/schema.ts'
import type { ParsePool } from './intel/parse-pool.ts'
import type { Egress } from './egress/egress.ts'
import type { JobQueue } from './jobs/queue.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Database } from './storage/database.ts'
import type { Freshness } from './storage/freshness.ts'
import type { MembershipActivity } from './storage/membership-activity.ts'
import type { ObjectNumbers } from './storage/object-numbers.ts'
import type { ReadTally } from './storage/read-tally.ts'
import type { RefusalLog } from './storage/refusal-log.ts'
import type { ReleaseReader } from './storage/releases.ts'
import type { TokenUse } from './storage/token-use.ts'

/** What the parts of the server share. A part takes the few fields that it uses. */
export interface Context {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly database: Database
  readonly parser: ParsePool
  readonly objectNumbers: ObjectNumbers
  readonly freshness: Freshness
  readonly releases: ReleaseReader
  readonly reads: ReadTally
  readonly refusals: RefusalLog
  readonly tokenUse: TokenUse
  /** When members were last active in their groups. */
  readonly activity: MembershipActivity
  readonly metrics: Metrics
  readonly authenticator: Authenticator
  readonly passwords: PasswordVerifier
  /** Counts tries to sign in, for all processes. */
  readonly attempts: Attempts
  readonly pageTokens: PageTokens
  readonly jobs: JobQueue
  /** Fetches from servers of the Internet; guards where that leads. */
  readonly egress: Egress
  /** Seals what the database must give back as it was. */
  readonly seal: Seal
  /** The OpenID providers that people sign in with. */
  readonly openIdProviders: OpenIdProviders
  /** Signs session cookies. */
  readonly sessionKey: Uint8Array
}
