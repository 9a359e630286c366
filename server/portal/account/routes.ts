import type { Route } from '../route.ts'

/** One's own account. */
export const accountRoutes: readonly Route[] = []
