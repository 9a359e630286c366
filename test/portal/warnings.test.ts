import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { recordAudit } from '../../server/storage/audit-log.ts'
import { movableClock } from '../support/movable-clock.ts'
import { portalFixture } from '../support/portal-fixture.ts'

const HOUR_MICROS = 3_600_000_000
const clock = movableClock('2026-11-20T09:30:00Z')
const site = await portalFixture({ clock })
after(() => site.close())

/** What stands above the start page. */
async function warnings(who: 'member' | 'administrator'): Promise<string> {
  const client = await site.clientOf(who)
  const { text } = await client.get('/')
  return [...text.matchAll(/class="banner"[^>]*>\s*<p>([^<]*)/g)].map(([, words]) => words).join(' ')
}

describe('above every page', () => {
  it('administrators read that there is no backup once the site is two days old, members do not', async () => {
    assert.equal(await warnings('administrator'), '')
    clock.move(49 * HOUR_MICROS)
    assert.match(await warnings('administrator'), /no backup of this site/)
    assert.equal(await warnings('member'), '')
  })

  it('a backup ends the warning, until it is two days old itself', async () => {
    await site.context.database.transaction((trx) =>
      recordAudit(trx, clock.nowMicros(), [{ kind: 'backup_made', actor: 'test', detail: {} }]),
    )
    clock.move(HOUR_MICROS)
    assert.equal(await warnings('administrator'), '')
    clock.move(72 * HOUR_MICROS)
    assert.match(await warnings('administrator'), /3 days old/)
  })
})
