import { Type } from 'typebox'
import { timestampOf } from '../../clock.ts'
import { ACCOUNTS_PAGE, findAccounts } from '../../site/find-accounts.ts'
import { restoreAccount, suspendAccount } from '../../site/suspension.ts'
import { AFTER, by, NEXT, NO_BODY } from '../call.ts'
import { endpoint } from '../endpoint.ts'

const tag = 'accounts'
const name = Type.String({ description: 'Name of the account.' })

const ACCOUNTS = Type.Object({
  accounts: Type.Array(
    Type.Object({
      name: Type.String(),
      display_name: Type.String(),
      email: Type.Union([Type.String(), Type.Null()]),
      role: Type.Enum(['member', 'administrator']),
      active: Type.Boolean({ description: 'False for a suspended account.' }),
      last_sign_in: Type.Union([Type.String(), Type.Null()], { description: 'Timestamp in UTC.' }),
    }),
  ),
  next: NEXT,
})

/** Accounts, and the two acts that must work from a script at night. */
export const accountEndpoints = [
  endpoint(
    'GET /accounts',
    {
      tag,
      summary: 'Accounts by name',
      permission: 'see-accounts',
      query: {
        text: Type.Optional(
          Type.String({ maxLength: 200, description: 'How the name, the display name or the address begins.' }),
        ),
        active: Type.Optional(Type.Boolean()),
        after: AFTER,
      },
      result: ACCOUNTS,
    },
    async ({ context, query }) => {
      const found = await findAccounts(context.database, {
        text: query.text ?? '',
        active: query.active,
        after: query.after ?? '',
      })
      const page = found.slice(0, ACCOUNTS_PAGE)
      return {
        accounts: page.map((account) => ({
          name: account.name,
          display_name: account.displayName,
          email: account.email ?? null,
          role: account.role,
          active: account.active,
          last_sign_in: account.lastSignInMicros === undefined ? null : timestampOf(account.lastSignInMicros),
        })),
        next: found.length > ACCOUNTS_PAGE ? (page.at(-1)?.name ?? null) : null,
      }
    },
  ),
  endpoint(
    'POST /accounts/{name}/suspend',
    {
      tag,
      summary: 'Suspend an account',
      details: 'Every way in is shut with the next request, on every process; nothing is deleted.',
      permission: 'suspend-account',
      path: { name },
      body: NO_BODY,
      result: Type.Object({
        sessions: Type.Integer({ description: 'Web sessions that were ended.' }),
        groups_without_administrator: Type.Array(Type.String(), {
          description: 'Titles of the trust groups that nobody can administer now.',
        }),
      }),
    },
    async (call) => {
      const done = await suspendAccount(call.context, { ...by(call), name: call.path.name })
      return { sessions: done.sessions, groups_without_administrator: [...done.leaderless] }
    },
  ),
  endpoint(
    'POST /accounts/{name}/restore',
    {
      tag,
      summary: 'Let a suspended account in again',
      details: 'Its password, second factors, tokens and certificates work again; sessions stay ended.',
      permission: 'suspend-account',
      path: { name },
      body: NO_BODY,
    },
    async (call) => {
      await restoreAccount(call.context, { ...by(call), name: call.path.name })
    },
  ),
]
