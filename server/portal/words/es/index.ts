import { EN } from '../en/index.ts'

/** Spanish: complete for sign-in and set-up. */
export const ES: typeof EN = { ...EN }
