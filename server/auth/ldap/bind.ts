import {
  type Client,
  InvalidCredentialsError,
  PasswordPolicyControl,
  PasswordPolicyError,
  ResultCodeError,
} from 'ldapts'
import { RESULT, troubleOf } from './trouble.ts'

/** Why a directory lets somebody not in although it knows the person. It said so itself; we never guess it. */
export type PolicyRefusal = 'expired' | 'locked' | 'must-change' | 'disabled'

/** How a bind ended. */
export type BindResult = 'right' | 'wrong' | PolicyRefusal

/**
 * Proves a password by a simple bind, and asks for the password policy's word (draft-behera-ldap-password-policy-10).
 * @throws {LdapTrouble} when the answer is about neither password nor account
 */
export async function bind(client: Client, dn: string, password: string): Promise<BindResult> {
  // an empty password is an anonymous bind, which Active Directory calls a success (RFC 4513 §5.1.2); the same for an empty DN
  if (password === '' || dn === '') return 'wrong'
  const policy = new PasswordPolicyControl()
  try {
    await client.bind(dn, password, policy)
    return policy.value?.error === PasswordPolicyError.ChangeAfterReset ? 'must-change' : 'right'
  } catch (error) {
    const said = BY_POLICY[policy.value?.error ?? -1] ?? byActiveDirectory(error)
    if (said) return said
    if (error instanceof InvalidCredentialsError) return 'wrong'
    // no such entry, no password in it, a name that is none, refused by a rule: all the same to whoever asks
    if (error instanceof ResultCodeError && WRONG.has(error.code)) return 'wrong'
    throw troubleOf(error, 'bind-refused')
  }
}

const BY_POLICY: Readonly<Record<number, PolicyRefusal>> = {
  [PasswordPolicyError.PasswordExpired]: 'expired',
  [PasswordPolicyError.AccountLocked]: 'locked',
  [PasswordPolicyError.ChangeAfterReset]: 'must-change',
}

/** noSuchAttribute, inappropriateAuthentication, insufficientAccess, unwillingToPerform, invalidDNSyntax, noSuchObject. */
const WRONG: ReadonlySet<number> = new Set([16, 48, 50, 53, 34, RESULT.noSuchObject])

/** Active Directory's own number in the message of a refused bind: it is sent only after a right password, but for 775. */
function byActiveDirectory(error: unknown): PolicyRefusal | undefined {
  if (!(error instanceof InvalidCredentialsError)) return undefined
  return AD_CODES[/AcceptSecurityContext error, data ([0-9a-f]{1,4})\b/i.exec(error.message)?.[1]?.toLowerCase() ?? '']
}

const AD_CODES: Readonly<Record<string, PolicyRefusal>> = {
  '532': 'expired',
  '533': 'disabled',
  '701': 'expired',
  '773': 'must-change',
  '775': 'locked',
}
