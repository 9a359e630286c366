import { makeGroup } from '../../server/members/groups.ts'
import { addMember } from '../../server/members/memberships.ts'
import { type By, BY_OPERATOR } from '../../server/members/permission.ts'
import type { GroupRole } from '../../policies/roles.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite } from '../support/site.ts'

/** People and groups of a test: each has an address, so that notices can be counted. */
export function peopleOf(site: TestSite) {
  const { context } = site
  return {
    /** Makes an account. */
    account: async (name: string, role: 'member' | 'administrator' = 'member') => {
      await addAccount(context, { actor: 'test', name, password: PASSWORD, role })
      await context.database.transaction(async (trx) => {
        await raiseAccess(trx)
        await trx
          .updateTable('account')
          .set({ email: `${name}@city.example` })
          .where('name', '=', name)
          .execute()
      })
    },
    group: (name: string, administrator: string, secondFactor = false) =>
      makeGroup(context, { ...BY_OPERATOR, name, title: `The ${name}`, purpose: '', secondFactor, administrator }),
    member: (group: string, account: string, roles: readonly GroupRole[] = []) =>
      addMember(context, { ...BY_OPERATOR, group, account, roles }),
    /** Somebody as a use case is called by them. */
    by: async (name: string): Promise<By> => {
      const { access } = await context.freshness.read()
      const account = access.accountNamed(name)
      if (!account) throw new Error(`no account ${name}`)
      const { accountNo, active, role } = account
      const siteAdministrator = role === 'administrator'
      return { actor: name, as: { accountNo, active, siteAdministrator, secondFactor: false } }
    },
    /** A visitor who has signed in. */
    visitor: async (name: string, url = site.url) => {
      const client = new PortalClient(url)
      await client.signIn(name, PASSWORD)
      return client
    },
    /** Names of the accounts that can administer a group now. */
    administrators: async (group: string) => {
      const rows = await context.database.kysely
        .selectFrom('membership as m')
        .innerJoin('account as a', 'a.account_no', 'm.account_no')
        .innerJoin('trust_group as g', 'g.group_no', 'm.group_no')
        .select('a.name')
        .where('g.name', '=', group)
        .where('m.active', '=', true)
        .where('a.active', '=', true)
        .where('m.roles', 'like', '%group-administrator%')
        .execute()
      return rows.map((row) => row.name)
    },
    /** Kinds of the audit records that name this account or group, oldest first. */
    audited: async (kind: string) => {
      const rows = await context.database.kysely
        .selectFrom('audit')
        .select(['actor', 'detail'])
        .where('kind', '=', kind)
        .orderBy('seq')
        .execute()
      return rows.map((row) => ({ actor: row.actor, detail: JSON.parse(row.detail) as Record<string, unknown> }))
    },
    /** Who got notices of a kind, and the path in it. */
    notices: async (kind: string) =>
      await context.database.kysely
        .selectFrom('notice')
        .select(['address', 'path'])
        .where('kind', '=', kind)
        .orderBy('notice_no')
        .execute(),
  }
}
