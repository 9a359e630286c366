import type { Route } from '../route.ts'
import { enrolRoutes } from './enrol.ts'
import { ldapSignInRoutes } from './ldap.ts'
import { oidcSignInRoutes } from './oidc.ts'
import { passkeyEnrolRoutes } from './passkey-enrol.ts'
import { passkeySignInRoutes } from './passkey.ts'
import { passwordSignInRoutes } from './password.ts'
import { requestInvitationRoutes } from './request-invitation.ts'
import { secondStepRoutes } from './second.ts'
import { invitationRoutes } from './invitation.ts'
import { recoveryRoutes } from './recovery.ts'
import { welcomeRoutes } from './welcome.ts'

/** Every way to sign in and out. */
export const signInRoutes: readonly Route[] = [
  ...invitationRoutes,
  ...recoveryRoutes,
  ...requestInvitationRoutes,
  ...welcomeRoutes,
  ...passwordSignInRoutes,
  ...passkeySignInRoutes,
  ...passkeyEnrolRoutes,
  ...secondStepRoutes,
  ...enrolRoutes,
  ...ldapSignInRoutes,
  ...oidcSignInRoutes,
]
