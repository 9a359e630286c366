import { Type } from 'typebox'
import { timestampOf } from '../clock.ts'
import { addAccount, addCertificate, setPassword } from '../site/accounts.ts'
import { grantRights, revokeRights } from '../site/rights.ts'
import { restoreAccount, suspendAccount } from '../site/suspension.ts'
import { addToken, revokeToken } from '../site/tokens.ts'
import { listAccounts } from '../site/list-accounts.ts'
import { listTokens } from '../site/list-tokens.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { operation } from './operation.ts'
import { OPERATOR } from './operator.ts'

const text = Type.String({ maxLength: 2000 })
const texts = Type.Array(text, { maxItems: 10_000 })
const closed = { additionalProperties: false }
const actor = OPERATOR

/** Accounts, their rights and credentials. */
export const userOperations = {
  'user.add': operation(
    Type.Object(
      {
        name: text,
        password: Type.Optional(text),
        read: texts,
        write: texts,
        role: Type.Enum(['member', 'administrator']),
      },
      closed,
    ),
    (context, args) => addAccount(context, { ...args, actor }),
  ),
  'user.list': operation(Type.Object({}, closed), async (context) => ({ users: await listAccounts(context) })),
  'user.grant': operation(Type.Object({ name: text, read: texts, write: texts }, closed), async (context, args) => {
    await grantRights(context, { ...args, actor })
    return { name: args.name, granted: true }
  }),
  'user.revoke': operation(Type.Object({ name: text, collections: texts }, closed), async (context, args) => {
    await revokeRights(context, { ...args, actor })
    return { name: args.name, revoked: true }
  }),
  'user.set_active': operation(Type.Object({ name: text, active: Type.Boolean() }, closed), async (context, args) => {
    const wanted = { ...BY_OPERATOR, name: args.name }
    if (args.active) await restoreAccount(context, wanted)
    else await suspendAccount(context, wanted)
    return { name: args.name, active: args.active }
  }),
  'user.password': operation(Type.Object({ name: text, password: text }, closed), async (context, args) => {
    await setPassword(context, { ...args, actor })
    return { name: args.name, password_set: true }
  }),
  'user.certificate': operation(Type.Object({ name: text, sha256: text }, closed), async (context, args) => {
    await addCertificate(context, { name: args.name, fingerprint: Buffer.from(args.sha256, 'hex'), actor })
    return { name: args.name, sha256: args.sha256 }
  }),
  'token.add': operation(
    Type.Object(
      { account: text, label: Type.Optional(text), scopes: texts, days: Type.Optional(Type.Number()) },
      closed,
    ),
    async (context, args) => {
      const made = await addToken(context, { ...args, actor, strong: true })
      return {
        token: made.token,
        number: made.token_no,
        account: args.account,
        name: args.label ?? 'token',
        scopes: args.scopes,
        expires: timestampOf(made.expiresMicros),
      }
    },
  ),
  'token.list': operation(Type.Object({ account: Type.Optional(text) }, closed), async (context, args) => ({
    tokens: await listTokens(context, args.account),
  })),
  'token.revoke': operation(Type.Object({ number: Type.Integer({ minimum: 1 }) }, closed), async (context, args) => {
    await revokeToken(context, { tokenNo: args.number, actor })
    return { number: args.number, revoked: true }
  }),
} as const
