import { account } from './account.ts'
import { groups } from './groups.ts'
import { setup } from './setup.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { site } from './site.ts'

/** English, complete. */
export const EN = { shell, signIn, setup, account, groups, site }
