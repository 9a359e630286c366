import assert from 'node:assert/strict'
import { it } from 'node:test'
import { time } from '../../server/portal/components/time.ts'
import type { OpenVisit } from '../../server/portal/visit.ts'

type Reader = Pick<OpenVisit, 'account' | 'language'>

function reader(timeZone: string | undefined, language = 'en'): Reader {
  return { language, account: timeZone === undefined ? undefined : ({ timeZone } as NonNullable<Reader['account']>) }
}

function shown(visit: Reader, iso: string): { readonly text: string; readonly title: string; readonly utc: string } {
  const { text } = time(visit, Date.parse(iso) * 1000)
  const [, utc = '', title = '', inner = ''] =
    /^<time datetime="([^"]*)" title="([^"]*)">([^<]*)<\/time>$/.exec(text) ?? []
  // the narrow space that newer ICU data has before AM and PM
  return { utc, title, text: inner.replaceAll('\u202f', ' ') }
}

it('a moment is shown in the zone of whoever reads it, and in UTC when pointed at', () => {
  const moment = '2026-11-21T20:21:31.199Z'
  const seattle = shown(reader('America/Los_Angeles'), moment)
  assert.equal(seattle.text, 'Nov 21, 2026, 12:21 PM')
  assert.equal(seattle.title, '2026-11-21 20:21:31 UTC')
  assert.equal(seattle.utc, '2026-11-21T20:21:31.199Z')
  assert.equal(shown(reader('Asia/Kolkata'), moment).text, 'Nov 22, 2026, 1:51 AM')
  assert.match(shown(reader('Europe/Madrid', 'es'), moment).text, /^21 nov 2026, 21:21$/)
  assert.equal(shown(reader(undefined), moment).text, 'Nov 21, 2026, 8:21 PM', 'a visitor reads UTC')
})

it('an hour that comes twice or never is the right one', () => {
  // 1 November 2026: at 09:00 UTC clocks in Seattle go from 2:00 back to 1:00
  assert.match(shown(reader('America/Los_Angeles'), '2026-11-01T08:30:00Z').text, /1:30 AM/)
  assert.match(shown(reader('America/Los_Angeles'), '2026-11-01T09:30:00Z').text, /1:30 AM/)
  assert.notEqual(
    shown(reader('America/Los_Angeles'), '2026-11-01T08:30:00Z').title,
    shown(reader('America/Los_Angeles'), '2026-11-01T09:30:00Z').title,
  )
  // 8 March 2026: 2:00 to 3:00 is left out
  assert.match(shown(reader('America/Los_Angeles'), '2026-03-08T09:59:00Z').text, /1:59 AM/)
  assert.match(shown(reader('America/Los_Angeles'), '2026-03-08T10:00:00Z').text, /3:00 AM/)
  // Lord Howe Island moves by half an hour
  assert.match(shown(reader('Australia/Lord_Howe'), '2026-04-04T14:30:00Z').text, /1:30 AM/)
  assert.match(shown(reader('Australia/Lord_Howe'), '2026-04-04T15:30:00Z').text, /2:00 AM/)
})

it('a zone that does not exist (any more) is UTC, and breaks no page', () => {
  for (const zone of ['Mars/Olympus_Mons', '', 'America/', '+25:00', '__proto__', 'UTC"><b>']) {
    assert.equal(shown(reader(zone), '2026-11-21T20:21:31Z').text, 'Nov 21, 2026, 8:21 PM', zone)
  }
})
