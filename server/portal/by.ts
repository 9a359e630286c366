import type { By } from '../members/permission.ts'
import type { Visit } from './visit.ts'

/** Whoever has signed in, as the one who does something. */
export function byOf({ account, actor }: Visit): By {
  return { actor: account.name, as: actor }
}
