import { accountRoutes } from './account/routes.ts'
import { apiDocsRoutes } from './api-docs.ts'
import { groupRoutes } from './groups/routes.ts'
import { homeRoutes } from './home.ts'
import type { Route } from './route.ts'
import { setupRoutes } from './setup/routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { siteRoutes } from './site/routes.ts'
import { styleRoutes } from './style/routes.ts'

/** Every page and form of the portal. */
export const ROUTES: readonly Route[] = [
  ...homeRoutes,
  ...setupRoutes,
  ...signInRoutes,
  ...accountRoutes,
  ...groupRoutes,
  ...siteRoutes,
  ...styleRoutes,
  ...apiDocsRoutes,
]
