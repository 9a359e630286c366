import assert from 'node:assert/strict'
import { checkCertificates } from '../../server/keys/check-certificates.ts'
import { completeDueChanges } from '../../server/keys/complete-changes.ts'
import type { Egress } from '../../server/egress/egress.ts'
import { peopleOf } from '../members/people.ts'
import { movableClock } from '../support/movable-clock.ts'
import type { Got, PortalClient } from '../support/portal-client.ts'
import { testSite } from '../support/site.ts'

export const DAY = 86_400_000_000

/** A site with a group `harbour` that ann and bob are in, led by lea, and a clock that the test moves. */
export async function siteWithKeys(egress?: Egress) {
  const clock = movableClock(new Date().toISOString())
  const site = await testSite({ clock, ...(egress && { egress }) })
  const people = peopleOf(site)
  for (const name of ['lea', 'ann', 'bob']) {
    await people.account(name)
    await verify(name, `${name}@city.example`)
  }
  await people.group('harbour', 'lea')
  for (const name of ['ann', 'bob']) await people.member('harbour', name)
  const { context } = site
  const { kysely } = context.database

  async function verify(name: string, address: string): Promise<void> {
    await site.context.database.transaction(async (trx) => {
      const { account_no } = await trx
        .selectFrom('account')
        .select('account_no')
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
      const at = site.context.clock.nowMicros()
      await trx
        .insertInto('account_address')
        .values({ account_no, address, created_micros: at, verified_micros: at })
        .onConflict((conflict) => conflict.columns(['account_no', 'address']).doUpdateSet({ verified_micros: at }))
        .execute()
    })
  }

  return {
    site,
    context,
    people,
    clock,
    verify,
    owner: async (name: string) => ({ name, accountNo: await numberOf(name) }),
    numberOf,
    /** Fingerprint of the key that the group has for somebody. */
    pinned: async (name: string) => {
      const row = await kysely
        .selectFrom('membership as m')
        .innerJoin('certificate as c', 'c.certificate_no', 'm.certificate_no')
        .select('c.fingerprint')
        .where('m.account_no', '=', await numberOf(name))
        .executeTakeFirst()
      return row?.fingerprint
    },
    certificates: async (name: string) =>
      await kysely
        .selectFrom('certificate')
        .selectAll()
        .where('account_no', '=', await numberOf(name))
        .orderBy('certificate_no')
        .execute(),
    check: () => checkCertificates(context),
    complete: () => completeDueChanges(context),
    [Symbol.asyncDispose]: () => site.close(),
  }

  async function numberOf(name: string): Promise<number> {
    const row = await kysely
      .selectFrom('account')
      .select('account_no')
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
    return row.account_no
  }
}

/** Uploads a key as the form of the page does. */
export async function upload(client: PortalClient, content: string | Uint8Array, asFile = false): Promise<Got> {
  await client.get('/account/keys/add')
  const csrf = /name="csrf"\s+value="([^"]+)"/.exec(client.page)?.[1] ?? ''
  const form = new FormData()
  form.set('csrf', csrf)
  form.set('key', asFile ? '' : String(content))
  form.set('file', new Blob(asFile ? [Buffer.from(content)] : []), asFile ? 'key.asc' : '')
  const response = await client.once('/account/keys/add', {
    method: 'POST',
    body: form,
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  const to = response.headers.get('location')
  if (response.status < 400 && to) return await client.get(to)
  return { status: response.status, url: '/account/keys/add', text: await response.text(), headers: response.headers }
}

/** The text of the n-th block of a page that is there to be copied. */
export function copied(page: string, starts: string): string {
  const blocks = [...page.matchAll(/<pre><code>([\s\S]*?)<\/code><\/pre>/g)].map((match) => unescaped(match[1] ?? ''))
  const found = blocks.find((block) => block.startsWith(starts))
  assert.ok(found !== undefined, `no block begins with ${starts}`)
  return found
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
