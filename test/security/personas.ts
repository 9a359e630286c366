import type { GroupRole } from '../../policies/roles.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { addToken } from '../../server/site/tokens.ts'
import { run } from '../../server/storage/database.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { PortalClient } from '../support/portal-client.ts'
import { PASSWORD, type TestSite } from '../support/site.ts'

/** Somebody who tries every door: what they hold in the group `alpha`, and on the site. */
export interface Persona {
  readonly name: string
  readonly holds: readonly string[]
  readonly client: PortalClient
  readonly token: string | undefined
}

const MEMBERS: Readonly<Record<string, readonly GroupRole[] | undefined>> = {
  outsider: undefined,
  member: [],
  'list-owner': ['list-owner'],
  coordinator: ['coordinator'],
  'group-administrator': ['group-administrator'],
  suspended: ['group-administrator'],
}

/**
 * Fills a site: the groups alpha (of the personas) and beta (of others), one account for each persona, signed in and with
 * a token of every API scope. The suspended one was suspended after that.
 */
export async function personas(site: TestSite): Promise<readonly Persona[]> {
  const { context } = site
  const actor = 'test'
  for (const name of [...Object.keys(MEMBERS), 'site-administrator', 'stranger']) {
    const role = name === 'site-administrator' ? ('administrator' as const) : ('member' as const)
    await addAccount(context, { actor, name, password: PASSWORD, role })
  }
  await addAccount(context, { actor, name: 'second-administrator', password: PASSWORD, role: 'administrator' })
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    for (const name of ['alpha', 'beta']) {
      await trx
        .insertInto('trust_group')
        .values({ name, title: `Group ${name}`, created_micros: 1 })
        .execute()
    }
    for (const [name, roles] of Object.entries({ ...MEMBERS, keeper: undefined })) {
      if (roles) await join(trx, 'alpha', name, roles)
    }
    await join(trx, 'beta', 'stranger', ['group-administrator'])
  })
  const made: Persona[] = [{ name: 'anonymous', holds: [], client: new PortalClient(site.url), token: undefined }]
  for (const name of [...Object.keys(MEMBERS), 'site-administrator']) {
    const client = new PortalClient(site.url)
    await client.signIn(name, PASSWORD)
    const { token } = await addToken(context, { actor, account: name, scopes: ['api:read', 'api:write'] })
    const roles = MEMBERS[name]
    const inGroup = roles ? ['member', ...roles] : []
    made.push({
      name,
      holds: name === 'suspended' ? [] : ['self', ...inGroup, ...(name === 'site-administrator' ? [name] : [])],
      client,
      token,
    })
  }
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    await run(
      trx,
      "update account set active = false, credential_generation = credential_generation + 1 where name = 'suspended'",
    )
  })
  return made
}

async function join(
  trx: Parameters<typeof run>[0],
  group: string,
  account: string,
  roles: readonly GroupRole[],
): Promise<void> {
  await run(
    trx,
    `insert into membership (group_no, account_no, roles, created_micros)
     select group_no, account_no, $3::text, 1 from trust_group, account
      where trust_group.name = $1::text and account.name = $2::text`,
    [group, account, roles.join(' ')],
  )
}
