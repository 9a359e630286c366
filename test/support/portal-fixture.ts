import type { BrowserContext } from 'playwright-core'
import { NEW_LDAP } from '../../server/auth/ldap/settings.ts'
import { NEW_OIDC } from '../../server/auth/oidc/settings.ts'
import { addProvider } from '../../server/auth/providers/provider-changes.ts'
import { giveGroupRoot } from '../../server/members/group-roots.ts'
import { makeServiceAccount } from '../../server/members/service-accounts.ts'
import { run } from '../../server/storage/database.ts'
import type { Context } from '../../server/context.ts'
import { insertStandardAttestations } from '../../server/members/vouching/attestations.ts'
import { nominate } from '../../server/members/vouching/nominate.ts'
import { sendSignal } from '../../server/members/vouching/signals.ts'
import { vouch } from '../../server/members/vouching/vouch.ts'
import { addNotice } from '../../server/notices/add-notice.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { setParticipantMap } from '../../server/site/participants-change.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { addKeys } from './portal-keys.ts'
import { PortalClient } from './portal-client.ts'
import { PASSWORD, type SiteOptions, testSite } from './site.ts'

/** Whose eyes a page is looked at with. */
export type Onlooker = 'visitor' | 'member' | 'administrator'

const PEOPLE = [
  ['ana.ruiz', 'Ana Ruiz', 'coordinator'],
  ['boris.vance', 'Boris Vance', ''],
  ['chidi.okafor', 'Chidi Okafor', 'list-owner'],
  ['dana.whitehorse', 'Dana Whitehorse', 'group-administrator'],
  ['emil.sandoval', 'Emil Sandoval', ''],
] as const

const GROUPS = [
  ['harbour-watch', 'Harbour watch', 'Ports, pilots and terminals between the bar and the bridge.'],
  ['clinics-north', 'Clinics north', 'Hospitals and clinics north of the river.'],
] as const

/**
 * A site with people and trust groups, for looking at pages: `dana.whitehorse` is the member, `admin` the administrator.
 * @param options.extraMembers of the first group, for long tables
 */
export async function portalFixture(options: SiteOptions & { readonly extraMembers?: number } = {}) {
  const site = await testSite(options)
  const { context } = site
  const actor = 'test'
  await addAccount(context, { actor, name: 'admin', password: PASSWORD, role: 'administrator' })
  for (const [name] of PEOPLE) await addAccount(context, { actor, name, password: PASSWORD })
  const extra = Array.from({ length: options.extraMembers ?? 0 }, (_, i) => `member-${i + 1}`)
  await context.database.transaction(async (trx) => {
    await raiseAccess(trx)
    const created_micros = context.clock.nowMicros()
    const made = await trx
      .insertInto('trust_group')
      .values(GROUPS.map(([name, title, purpose]) => ({ name, title, purpose, created_micros })))
      .returning('group_no')
      .execute()
    for (const { group_no } of made) await insertStandardAttestations(trx, group_no, created_micros)
    for (const [name, display_name] of [...PEOPLE, ['admin', 'Robin Achterberg', '']] as const) {
      const email = `${name}@example.org`
      await trx.updateTable('account').set({ display_name, email }).where('name', '=', name).execute()
    }
    if (extra.length > 0) {
      await trx
        .insertInto('account')
        .values(
          extra.map((name) => ({
            name,
            display_name: `Member ${name.slice(7)}`,
            role: 'member' as const,
            created_micros,
          })),
        )
        .execute()
    }
    const accounts = await trx.selectFrom('account').select(['account_no', 'name']).execute()
    const to = { accountNo: accounts.find(({ name }) => name === 'boris.vance')?.account_no ?? 0 }
    await addNotice(trx, context, { kind: 'membership-changed', to, path: '/groups/harbour-watch' })
    const rolesOf = new Map<string, string>(PEOPLE.map(([name, , roles]) => [name, roles]))
    for (const [i, { group_no }] of made.entries()) {
      const members = accounts.filter(({ name }) => (i === 0 ? name !== 'admin' : name === 'dana.whitehorse'))
      await trx
        .insertInto('membership')
        .values(
          members.map(({ account_no, name }) => ({
            group_no,
            account_no,
            roles: rolesOf.get(name) ?? '',
            created_micros,
            state_micros: created_micros,
          })),
        )
        .execute()
    }
  })
  await setParticipantMap(context, {
    ...BY_OPERATOR,
    entries: [
      { block: '198.51.100.0/24', site: 'HALL', participant: 'CITY', tlp: 'TLP:AMBER' },
      { block: '.harbour.example', site: 'PORT', participant: 'PORT' },
    ],
    note: 'The first blocks',
  })
  await giveGroupRoot(context, { ...BY_OPERATOR, group: 'harbour-watch' })
  const program = { owner: 'dana.whitehorse', group: 'harbour-watch', name: 'siem', purpose: 'SIEM of the harbour' }
  await makeServiceAccount(context, { ...BY_OPERATOR, ...program, canWrite: true })
  await context.database.transaction((trx) =>
    run(
      trx,
      `insert into admission_request (group_no, name, email, affiliation, message, made_micros)
       select group_no, 'Fatima Lindqvist', 'fatima@town.example', 'Town of Bay', 'Chidi knows me from the drill.', $1::bigint
         from trust_group where name = 'harbour-watch'
       union all select null, 'Jo Park', 'jo@town.example', '', '', $1::bigint`,
      [context.clock.nowMicros()],
    ),
  )
  await someTrust(context)
  await addKeys(context, 'dana.whitehorse')
  await addProvider(context, {
    actor,
    name: 'county',
    title: 'County directory',
    kind: 'ldap',
    settings: { ...NEW_LDAP, url: 'ldaps://directory.invalid', baseDn: 'ou=people,dc=county,dc=example' },
  })
  // nobody listens on port 9 of the loopback: it answers at once that it does not
  const settings = { ...NEW_OIDC, issuer: 'http://127.0.0.1:9', clientId: 'vouchsafe' }
  await addProvider(context, { actor, name: 'health', title: 'Health network', kind: 'oidc', settings })

  /** A client that has signed in, or that of a visitor. */
  const clientOf = async (who: Onlooker): Promise<PortalClient> => {
    const client = new PortalClient(site.url)
    if (who !== 'visitor') await client.signIn(who === 'member' ? 'dana.whitehorse' : 'admin', PASSWORD)
    return client
  }
  /** Lets a browser go on where a client is. */
  const lend = async (client: PortalClient, browser: BrowserContext): Promise<void> => {
    const cookies = [...client.cookies].map(([name, value]) => ({ name, value, url: site.url }))
    if (cookies.length > 0) await browser.addCookies(cookies)
  }
  return { ...site, clientOf, lend }
}

/** Somebody who is nominated, a vouch of `dana.whitehorse`, and a concern. */
async function someTrust(context: Context): Promise<void> {
  const place = { ...BY_OPERATOR, group: 'harbour-watch' }
  const attested = ['met:1', 'trust:1', 'fate:1']
  const text = 'We ran the night desk of the port together for three winters.'
  const { nominationNo } = await nominate(context, {
    ...place,
    inNameOf: 'ana.ruiz',
    name: 'Farah Idris',
    email: 'farah.idris@example.org',
    affiliation: 'Pilots of the bar',
    biography: 'Looks after the radios of the pilots.',
    text,
    attested,
    isNoneOfThem: false,
  })
  await vouch(context, { ...place, inNameOf: 'dana.whitehorse', vouchee: 'boris.vance', text, attested })
  const told = { about: `~${nominationNo}`, kind: 'concern', reason: 'Works for a vendor too, as I heard.' } as const
  await sendSignal(context, { ...place, inNameOf: 'boris.vance', ...told })
}

export type PortalFixture = Awaited<ReturnType<typeof portalFixture>>
