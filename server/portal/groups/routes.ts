import type { Route } from '../route.ts'
import { auditRoutes } from './audit.ts'
import { collectionRoutes } from './collections.ts'
import { groupFieldRoutes } from './fields.ts'
import { memberAssetRoutes } from './fields-assets.ts'
import { ownEntryRoutes } from './fields-own.ts'
import { glassRoutes } from './glass.ts'
import { invitationRoutes } from './invitations.ts'
import { inviteRoutes } from './invite.ts'
import { groupKeyRoutes } from './keys.ts'
import { leaveRoutes } from './leave.ts'
import { departureRoutes } from './block.ts'
import { membershipRoutes } from './membership.ts'
import { memberRoutes } from './member.ts'
import { memberListRoutes } from './members.ts'
import { overviewRoutes } from './overview.ts'
import { proposalRoutes } from './proposals.ts'
import { groupRequestRoutes } from './requests.ts'
import { cardRoutes } from './cards.ts'
import { graphRoutes } from './graph.ts'
import { rehearsalRoutes } from './rehearsal.ts'
import { settingsRoutes } from './settings.ts'
import { concernRoutes } from './concerns.ts'
import { nominateRoutes } from './nominate.ts'
import { nominationRoutes } from './nominations-one.ts'
import { nominationsRoutes } from './nominations.ts'
import { vouchRoutes } from './vouch.ts'
import { vouchSignRoutes } from './vouch-sign.ts'
import { vouchSignalRoutes } from './vouch-signal.ts'
import { attestationRoutes } from './vouching-attestations.ts'
import { vouchExportRoutes } from './vouching-export.ts'
import { vouchingRoutes } from './vouching.ts'
import { vouchingSeveralRoutes } from './vouching-several.ts'

/** The pages of a trust group. */
export const groupRoutes: readonly Route[] = [
  ...nominateRoutes,
  ...nominationsRoutes,
  ...nominationRoutes,
  ...vouchingRoutes,
  ...vouchingSeveralRoutes,
  ...vouchRoutes,
  ...vouchSignRoutes,
  ...vouchSignalRoutes,
  ...concernRoutes,
  ...attestationRoutes,
  ...vouchExportRoutes,
  ...overviewRoutes,
  ...memberListRoutes,
  ...memberRoutes,
  ...departureRoutes,
  ...membershipRoutes,
  ...inviteRoutes,
  ...invitationRoutes,
  ...proposalRoutes,
  ...groupKeyRoutes,
  ...settingsRoutes,
  ...rehearsalRoutes,
  ...graphRoutes,
  ...cardRoutes,
  ...auditRoutes,
  ...leaveRoutes,
  ...groupFieldRoutes,
  ...memberAssetRoutes,
  ...ownEntryRoutes,
  ...collectionRoutes,
  ...groupRequestRoutes,
  ...glassRoutes,
]
