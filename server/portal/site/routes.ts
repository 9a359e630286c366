import type { Route } from '../route.ts'

/** What site administrators look after. */
export const siteRoutes: readonly Route[] = []
