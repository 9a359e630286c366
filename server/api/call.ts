import { Type } from 'typebox'
import type { By } from '../members/permission.ts'
import type { Call } from './endpoint.ts'

/** What a call that has nothing to say sends: `{}`. Every call that changes something sends JSON, which no form can. */
export const NO_BODY = Type.Object({}, { additionalProperties: false, description: 'Nothing: {}' })

/** Where a page of a list begins: after the value of `next` of the page before. */
export const AFTER = Type.Optional(
  Type.String({ maxLength: 200, description: 'The value of `next` of the page before.' }),
)

/** What to ask the next page with; null on the last one. */
export const NEXT = Type.Union([Type.String(), Type.Null()], {
  description: 'Give it as `after` to get the next page; null when this is the last one.',
})

/** Who does it, for a use case and its audit. */
export function by({ account, actor }: Pick<Call<never, never, never>, 'account' | 'actor'>): By {
  return { actor: account.name, as: actor }
}
