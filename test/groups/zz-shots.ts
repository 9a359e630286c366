import { writeFile } from 'node:fs/promises'
import { startBrowser } from '../support/browser.ts'
import { movableClock } from '../support/movable-clock.ts'
import { testSite } from '../support/site.ts'
import { waterGroup } from './water.ts'
import { addMember } from '../../server/members/memberships.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
await using site = await testSite({ clock: movableClock('2026-11-20T12:00:00Z') })
const names = Array.from({ length: 24 }, (_, i) => `person-${i + 1}`)
const water = await waterGroup(site, names)
await water.policy({ minOutvouch: 1, minInvouch: 2 })
for (const [i, name] of names.entries()) {
  await water.change(name, { display_name: ['Ana Ruiz', 'Boris Vance', 'Chidi Okafor', 'Dana Whitehorse', 'Emil Sandoval'][i % 5] + ' ' + (i + 1), time_zone: ['Europe/London', 'America/Los_Angeles', 'Asia/Tokyo'][i % 3] ?? 'UTC' })
  await water.profile(name, { affiliation: ['Port of Tacoma', 'King County', 'City Light'][i % 3] ?? '', airport: ['SEA', 'BFI', ''][i % 3] ?? '', languages: i % 2 ? 'en:native es:basic' : 'en:expert', phone: '+1 206 555 01' + String(10 + i), im: 'signal', biography: 'Looks after the water of the city.' })
  await water.vouch([name, names[(i + 1) % 24] ?? ''], ...(i % 2 ? [] : [[name, names[(i + 7) % 24] ?? '', 'We met at the exercise.'] as const]), ...(i % 4 ? [] : [['alice', name] as const]))
}
await water.put('person-3', 'idle'); await water.put('person-4', 'blocked'); await water.put('person-5', 'inactive')
await water.account('newt')
await addMember(site.context, { ...BY_OPERATOR, group: 'water', account: 'newt' })
await using browser = await startBrowser()
const pages: [string, string, string][] = [
  ['home', '/groups/water', 'alice'], ['newcomer', '/groups/water', 'newt'], ['members', '/groups/water/members', 'alice'], ['member', '/groups/water/members/person-2', 'alice'],
  ['membership', '/groups/water/membership', 'person-5'], ['why', '/groups/water/members/person-5/why', 'alice'], ['settings', '/groups/water/settings', 'alice'],
  ['rehearsal', '/groups/water/settings/rehearsal?rules=all&pleaseVouch=on&minOutvouch=2&minInvouch=1&targetInvouch=2&approvals=1&distinctOrganisations=0&maxVouchDays=0&invouchGraceDays=14&vouchDays=0&keyGraceDays=14&canTimeOut=on&maxInactivityDays=20&idleGuardDays=7&vouchVisibility=names&nominationsOpen=on&ringDetection=on', 'alice'],
  ['graph', '/groups/water/graph', 'person-1'], ['cards', '/groups/water/cards', 'person-1'], ['block', '/groups/water/members/person-2/block', 'alice'],
]
const views = { light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } }, dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } }, phone: { colorScheme: 'light', viewport: { width: 320, height: 700 } } } as const
const clients = new Map()
for (const [name, path, who] of pages) {
  const client = clients.get(who) ?? (await water.visitor(who)); clients.set(who, client)
  for (const [view, options] of Object.entries(views)) {
    const context = await browser.newContext(options)
    await context.addCookies([...client.cookies].map(([n, value]) => ({ name: n, value, url: site.url })))
    const page = await context.newPage()
    const response = await page.goto(site.url + path)
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    console.log(name, view, response?.status(), wide, (await page.content()).length)
    await writeFile(`/tmp/shots/${name}-${view}.png`, await page.screenshot({ fullPage: view !== 'dark' }))
    await context.close()
  }
}
