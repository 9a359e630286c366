import { isTokenText, tokenHash } from '../auth/programs/token-text.ts'
import type { Caller } from '../auth/programs/authenticate.ts'
import type { Context } from '../context.ts'
import { TooManyRequestsError, UnauthenticatedError } from '../errors.ts'
import type { Access } from '../storage/access.ts'
import type { Directory } from './directory.ts'
import { networkOf, staysOnMachine } from './peer.ts'
import { readerOf } from './reader.ts'
import type { Origin, Request } from './request.ts'
import { NOT_PROVEN, RESULT, type Result } from './result-codes.ts'

const SIMPLE = 128 // LDAP_AUTH_SIMPLE
/** Below it is no encryption that anybody trusts. */
const LEAST_SSF = 128

type BindRequest = Extract<Request, { kind: 'bind' }>

/**
 * Lets somebody in by name and password: the same passwords, limits and rule of second factors as HTTP Basic, or the text of
 * an API token with the scope `directory` in place of the password. Who sees no group is not let in: a wiki that asks no
 * more than whether a bind works must not open for them.
 */
export async function bind(directory: Directory, request: BindRequest): Promise<Result> {
  const { origin } = request
  directory.binds.forget(origin) // from here on the connection is nobody's, whatever it was (RFC 4511 §4.2.1)
  if (request.method !== SIMPLE) {
    return { code: RESULT.authMethodNotSupported, info: 'bind with a name and a password' }
  }
  if (origin.ssf < LEAST_SSF && !staysOnMachine(origin.peerName)) {
    return {
      code: RESULT.confidentialityRequired,
      info: 'use ldaps or StartTLS: a password must not cross a network in the clear',
    }
  }
  return await directory.lanes.run(networkOf(origin.peerName), () => prove(directory, request))
}

async function prove(directory: Directory, request: BindRequest): Promise<Result> {
  const { context, tree, binds } = directory
  const { origin, dn } = request
  const name = tree.accountNameIn(dn)
  const { access } = await context.freshness.read()
  try {
    const caller = await callerOf(context, access, request, name)
    // asked again: verifying took a while, and nobody who was suspended meanwhile may come in
    const now = await context.freshness.read()
    const account = now.access.account(caller.account.accountNo)
    if (!account || !readerOf(now.access, account, caller.strong)) throw new UnauthenticatedError()
    if (account.credentialGeneration !== caller.account.credentialGeneration) throw new UnauthenticatedError()
    if (caller.tokenNo !== undefined) context.tokenUse.note(caller.tokenNo, context.clock.nowMicros())
    const { accountNo, credentialGeneration } = account
    const token = caller.tokenNo === undefined ? undefined : tokenHash(request.password.toString(), 'hex')
    binds.remember(origin, { dn, accountNo, credentialGeneration, token, strong: caller.strong })
    return { code: RESULT.success, info: '' }
  } catch (error) {
    if (!(error instanceof UnauthenticatedError || error instanceof TooManyRequestsError)) throw error
    await noteRefusal(context, access, origin, name, error.code)
    return error instanceof UnauthenticatedError ? NOT_PROVEN : { code: RESULT.busy, info: error.message }
  }
}

/** @throws {UnauthenticatedError}, {TooManyRequestsError} as the authenticator does */
async function callerOf(
  context: Context,
  access: Access,
  { origin, password }: BindRequest,
  name: string | undefined,
): Promise<Caller> {
  // an empty password is no proof (RFC 4513 §5.1.2); one with a zero byte is not the one that the member chose
  if (name === undefined || password.length === 0 || password.includes(0)) throw new UnauthenticatedError()
  const text = password.toString()
  const basic = `Basic ${Buffer.from(`${name}:${text}`).toString('base64')}`
  const caller = await context.authenticator.authenticate(access, {
    authorization: isTokenText(text) ? `Bearer ${text}` : basic,
    certificate: undefined,
    network: networkOf(origin.peerName),
  })
  const isGoodHere = caller.scopes === 'all' || caller.scopes.has('directory')
  if (caller.account.name !== name || !isGoodHere) throw new UnauthenticatedError()
  return caller
}

/** A name that nobody has is not kept: what is typed into the field of a name is sometimes a password. */
async function noteRefusal(
  { refusals }: Context,
  access: Access,
  origin: Origin,
  name: string | undefined,
  code: string,
): Promise<void> {
  const account = name === undefined ? undefined : access.accountNamed(name)
  const detail = { code, network: networkOf(origin.peerName), ...(account ? { account: account.name } : {}) }
  await refusals.note({ kind: 'directory_bind_refused', actor: 'anonymous', detail })
}
