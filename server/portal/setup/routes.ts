import type { Route } from '../route.ts'

/** First run: the wizard behind the one-time link. */
export const setupRoutes: readonly Route[] = []
