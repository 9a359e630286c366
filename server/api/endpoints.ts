import type { Endpoint } from './endpoint.ts'
import { accountEndpoints } from './endpoints/accounts.ts'
import { auditEndpoints } from './endpoints/audit.ts'
import { groupEndpoints } from './endpoints/groups.ts'
import { selfEndpoints } from './endpoints/self.ts'
import { siteEndpoints } from './endpoints/site.ts'

/** Every endpoint of the API, in the order of its documentation. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...selfEndpoints,
  ...groupEndpoints,
  ...accountEndpoints,
  ...siteEndpoints,
  ...auditEndpoints,
]
