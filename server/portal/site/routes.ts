import type { Route } from '../route.ts'
import { providerRoutes } from './providers.ts'
import { accountAdminRoutes } from './accounts.ts'
import { groupAdminRoutes } from './groups.ts'
import { auditRoutes } from './audit.ts'
import { outboxRoutes } from './outbox.ts'
import { siteRequestRoutes } from './requests.ts'
import { participantRoutes } from './participants.ts'
import { settingsRoutes } from './settings.ts'
import { statusRoutes } from './status.ts'

/** What site administrators look after. */
export const siteRoutes: readonly Route[] = [
  ...accountAdminRoutes,
  ...groupAdminRoutes,
  ...statusRoutes,
  ...outboxRoutes,
  ...auditRoutes,
  ...siteRequestRoutes,
  ...participantRoutes,
  ...settingsRoutes,
  ...providerRoutes,
]
