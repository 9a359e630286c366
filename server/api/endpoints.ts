import type { Endpoint } from './endpoint.ts'
import { accountEndpoints } from './endpoints/accounts.ts'
import { auditEndpoints } from './endpoints/audit.ts'
import { groupEndpoints } from './endpoints/groups.ts'
import { membershipEndpoints } from './endpoints/memberships.ts'
import { profileEndpoints } from './endpoints/profile.ts'
import { selfEndpoints } from './endpoints/self.ts'
import { siteEndpoints } from './endpoints/site.ts'
import { vouchingEndpoints } from './endpoints/vouching.ts'

/** Every endpoint of the API, in the order of its documentation. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...selfEndpoints,
  ...profileEndpoints,
  ...groupEndpoints,
  ...membershipEndpoints,
  ...vouchingEndpoints,
  ...accountEndpoints,
  ...siteEndpoints,
  ...auditEndpoints,
]
