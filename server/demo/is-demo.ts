import type { Access } from '../storage/access.ts'

/** Path of the demonstration's API root. */
export const DEMO_ROOT = 'demo'
/** The account that loads the demonstration. */
export const DEMO_LOADER = 'demo-loader'

/** Whether the made-up demonstration was loaded into this site. */
export function isDemo(access: Access): boolean {
  return access.root(DEMO_ROOT) !== undefined && access.accountNamed(DEMO_LOADER) !== undefined
}
