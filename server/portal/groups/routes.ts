import type { Route } from '../route.ts'

/** Trust groups and their members. */
export const groupRoutes: readonly Route[] = []
