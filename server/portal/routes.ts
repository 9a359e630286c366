import { accountRoutes } from './account/routes.ts'
import { groupRoutes } from './groups/routes.ts'
import { homeRoutes } from './home.ts'
import type { Route } from './route.ts'
import { setupRoutes } from './setup/routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { siteRoutes } from './site/routes.ts'

/** Every page and form of the portal. */
export const ROUTES: readonly Route[] = [
  ...homeRoutes,
  ...setupRoutes,
  ...signInRoutes,
  ...accountRoutes,
  ...groupRoutes,
  ...siteRoutes,
]
