import { Type } from 'typebox'
import { makeInvitation } from '../members/invitations/invitations.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { openRecovery } from '../members/recovery/recovery.ts'
import { appointAdministrator, unappointAdministrator } from '../members/site-administrators.ts'
import { pagesUrl } from './base-url.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }

/** Ways in and back in for people, and who administers the site. */
export const wayInOperations = {
  'user.invite': operation(
    Type.Object({ group: Type.Optional(text), email: Type.Optional(text), display_name: Type.Optional(text) }, closed),
    async (context, { group, email, display_name: displayName }) => {
      const made = await makeInvitation(context, { ...BY_OPERATOR, group, email, displayName })
      return {
        invitation_url: `${pagesUrl(context)}/invitation/${made.token}`,
        expires: made.expires,
        mailed: email !== undefined,
      }
    },
  ),
  'user.recover': operation(
    Type.Object({ name: text, remove_second_factors: Type.Boolean() }, closed),
    async (context, { name, remove_second_factors: removeFactors }) => {
      const opened = await openRecovery(context, { ...BY_OPERATOR, name, removeFactors })
      return {
        name,
        recovery_url: `${pagesUrl(context)}/recovery/${opened.token}`,
        expires: opened.expires,
        owner_told: opened.ownerTold,
      }
    },
  ),
  'user.role': operation(
    Type.Object({ name: text, role: Type.Enum(['member', 'administrator']) }, closed),
    async (context, { name, role }) => {
      const set = role === 'administrator' ? appointAdministrator : unappointAdministrator
      await set(context, { ...BY_OPERATOR, name })
      return { name, role }
    },
  ),
} as const
