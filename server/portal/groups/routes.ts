import type { Route } from '../route.ts'
import { auditRoutes } from './audit.ts'
import { glassRoutes } from './glass.ts'
import { invitationRoutes } from './invitations.ts'
import { inviteRoutes } from './invite.ts'
import { leaveRoutes } from './leave.ts'
import { memberRoutes } from './member.ts'
import { memberListRoutes } from './members.ts'
import { overviewRoutes } from './overview.ts'
import { proposalRoutes } from './proposals.ts'
import { settingsRoutes } from './settings.ts'

/** The pages of a trust group. */
export const groupRoutes: readonly Route[] = [
  ...overviewRoutes,
  ...memberListRoutes,
  ...memberRoutes,
  ...inviteRoutes,
  ...invitationRoutes,
  ...proposalRoutes,
  ...settingsRoutes,
  ...auditRoutes,
  ...leaveRoutes,
  ...glassRoutes,
]
