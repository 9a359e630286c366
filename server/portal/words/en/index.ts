import { accounts } from './accounts.ts'
import { audit } from './audit.ts'
import { notices } from './notices.ts'
import { status } from './status.ts'
import { apiDocs } from './api-docs.ts'
import { invitations } from './invitations.ts'
import { account } from './account.ts'
import { credentials } from './credentials.ts'
import { digests } from './digests.ts'
import { groups } from './groups.ts'
import { graph } from './graph.ts'
import { groupHome } from './group-home.ts'
import { membership } from './membership.ts'
import { policy } from './policy.ts'
import { ldapSignIn } from './ldap-sign-in.ts'
import { keys } from './keys.ts'
import { identities } from './identities.ts'
import { oidcSignIn } from './oidc-sign-in.ts'
import { participants } from './participants.ts'
import { passkeys } from './passkeys.ts'
import { profile } from './profile.ts'
import { welcome } from './welcome.ts'
import { providers } from './providers.ts'
import { recoveries } from './recoveries.ts'
import { requests } from './requests.ts'
import { services } from './services.ts'
import { settings } from './settings.ts'
import { setup } from './setup.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { site } from './site.ts'
import { style } from './style.ts'
import { tokens } from './tokens.ts'
import { nominations } from './nominations.ts'
import { vouching } from './vouching.ts'

/** English, complete. */
export const EN = {
  audit,
  notices,
  status,
  credentials,
  accounts,
  invitations,
  identities,
  keys,
  oidcSignIn,
  style,
  tokens,
  nominations,
  vouching,
  apiDocs,
  shell,
  signIn,
  setup,
  settings,
  account,
  participants,
  passkeys,
  profile,
  welcome,
  digests,
  groups,
  graph,
  groupHome,
  membership,
  policy,
  ldapSignIn,
  providers,
  recoveries,
  requests,
  services,
  site,
}
