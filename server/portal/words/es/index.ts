import { EN } from '../en/index.ts'
import { credentials } from './credentials.ts'
import { signIn } from './sign-in.ts'
import { invitations } from './invitations.ts'
import { ldapSignIn } from './ldap-sign-in.ts'
import { settings } from './settings.ts'
import { setup } from './setup.ts'
import { shell } from './shell.ts'
import { oidcSignIn } from './oidc-sign-in.ts'
import { passkeys } from './passkeys.ts'
import { welcome } from './welcome.ts'

/** Spanish: complete for sign-in and set-up. */
export const ES: typeof EN = {
  ...EN,
  credentials,
  signIn,
  invitations,
  oidcSignIn,
  ldapSignIn,
  shell,
  passkeys,
  welcome,
  setup,
  settings,
}
