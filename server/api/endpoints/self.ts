import { Type } from 'typebox'
import { endpoint } from '../endpoint.ts'

const SELF = Type.Object({
  name: Type.String({ description: 'Name of the account.' }),
  display_name: Type.String(),
  site_administrator: Type.Boolean(),
  second_factor: Type.Boolean({ description: 'Whether the account has one.' }),
  groups: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Type.String(),
      roles: Type.Array(Type.String(), { description: 'Beside member.' }),
    }),
  ),
})

/** What the caller is. */
export const selfEndpoints = [
  endpoint('GET /self', { tag: 'self', summary: 'Who am I', permission: 'see-self', result: SELF }, async (call) => {
    const { access, account } = call
    return {
      name: account.name,
      display_name: account.displayName,
      site_administrator: account.role === 'administrator',
      second_factor: account.secondFactor,
      groups: access.groupsOf(account.accountNo).map((group) => ({
        name: group.name,
        title: group.title,
        roles: [...(access.membership(account.accountNo, group.groupNo)?.roles ?? [])],
      })),
    }
  }),
]
