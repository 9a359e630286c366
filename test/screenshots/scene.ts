import { changeGroupPolicy } from '../../server/members/group-policy-change.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { EMPTY_PROFILE } from '../../server/members/profile/profile-fields.ts'
import { saveProfile } from '../../server/members/profile/profile.ts'
import { vouch } from '../../server/members/vouching/vouch.ts'
import { loadAccess } from '../../server/storage/load-access.ts'
import { run } from '../../server/storage/database.ts'
import type { PortalFixture } from '../support/portal-fixture.ts'

/** Name, affiliation, airport, languages, time zone. */
const PEOPLE = [
  ['ana.ruiz', 'Port of the bay', 'SEA', 'es native, en expert', 'America/Los_Angeles'],
  ['boris.vance', 'Pilots of the bar', 'PDX', 'en native', 'America/Los_Angeles'],
  ['chidi.okafor', 'Terminal four', 'LHR', 'en native, ig native', 'Europe/London'],
  ['dana.whitehorse', 'Harbour office', 'YVR', 'en native, fr basic', 'America/Vancouver'],
  ['emil.sandoval', 'Tugs and towage', 'AMS', 'nl native, de expert', 'Europe/Amsterdam'],
] as const

const VOUCHES = [
  ['ana.ruiz', 'boris.vance', 'Together on the crane outage of last spring; calm at the desk.'],
  ['ana.ruiz', 'dana.whitehorse', 'My counterpart at the harbour office for four years.'],
  ['boris.vance', 'ana.ruiz', 'We have shared the radio watch since 2019.'],
  ['boris.vance', 'emil.sandoval', 'He brought our tugs back when the gate system failed.'],
  ['chidi.okafor', 'ana.ruiz', 'Met at three exercises; answers at any hour.'],
  ['chidi.okafor', 'dana.whitehorse', 'Worked with her on the terminal network.'],
  ['dana.whitehorse', 'ana.ruiz', 'She found the leak on our gate cameras before we did.'],
] as const

const HOUR = 3_600_000_000

/**
 * Fills the group of the pictures: people say something of themselves and vouch for each other, and then a rule wants a
 * vouch of everybody, which one has not given.
 * @param move moves the clock by microseconds
 */
export async function setScene({ context }: PortalFixture, move: (micros: number) => void): Promise<void> {
  const place = { ...BY_OPERATOR, group: 'harbour-watch' }
  const access = await loadAccess(context.database)
  for (const [name, affiliation, airport, languages, zone] of PEOPLE) {
    const account = access.accountNamed(name)
    if (!account) throw new Error(`${name} is not there`)
    await saveProfile(context, { account, profile: { ...EMPTY_PROFILE, affiliation, airport, languages } })
    await context.database.transaction((trx) =>
      run(trx, 'update account set time_zone = $2::text where name = $1::text', [name, zone]),
    )
  }
  for (const [inNameOf, vouchee, text] of VOUCHES) {
    move(30 * HOUR)
    await vouch(context, { ...place, inNameOf, vouchee, text, attested: ['met:1', 'trust:1', 'fate:1'] })
  }
  move(50 * HOUR)
  await changeGroupPolicy(context, { ...place, changes: { minOutvouch: 1 } })
  move(20 * HOUR)
}
