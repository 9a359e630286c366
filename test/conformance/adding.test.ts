import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import { TAXII } from '../support/site.ts'
import type { Answer } from './exchange.ts'
import { type At, envelope, idsOf, openRegion } from './region.ts'
import { address, identities, identity, indicator, statement } from './samples.ts'

const region = await openRegion()
after(() => region.close())

async function send(at: At, body: string | Uint8Array): Promise<Answer> {
  const path = new URL('objects/', at.url).pathname
  return await region.ask(path, { method: 'POST', headers: { ...region.basic, 'content-type': TAXII }, body })
}

it('W01 a post is answered with 202 and its status, with a password and with a token', async () => {
  const at = await region.empty()
  for (const headers of [region.basic, region.bearer]) {
    const answer = await at.post(identities(2), { ...headers })
    assert.equal(answer.status, 202)
    const read = await region.ask(`${region.root}status/${answer.body.id}/`, { headers })
    assert.deepEqual(read.body, answer.body)
  }
})

it('W02 an exact duplicate is a success, in the same envelope and later', async () => {
  const at = await region.empty()
  const [object, marking, observable] = [identity(), statement(), address('192.0.2.1')]
  const all = [object, marking, observable]
  const once = await at.post([...all, ...all])
  const again = await at.post(all)
  assert.deepEqual([once.body.success_count, once.body.failure_count], [6, 0])
  assert.deepEqual([again.body.success_count, again.body.failure_count], [3, 0])
  assert.deepEqual(idsOf(await at.get('manifest/?match[version]=all')), idsOf(await at.get('objects/')))
  assert.equal(idsOf(await at.get('objects/')).length, 3)
})

it('W03 the same version with other content fails with a message, and the first one stays', async () => {
  const at = await region.empty()
  const object = identity()
  await at.post([object])
  const before = (await at.get('objects/')).text
  for (const modified of [object.modified, '2026-01-01T00:00:00Z']) {
    const { body } = await at.post([{ ...object, modified, name: 'Another desk' }])
    assert.deepEqual([body.success_count, body.failure_count], [0, 1])
    assert.equal(body.failures?.[0]?.id, object.id)
    assert.ok(body.failures?.[0]?.message)
  }
  const twice = identity()
  const { body } = await at.post([twice, { ...twice, name: 'Another desk' }])
  assert.deepEqual([body.success_count, body.failure_count], [1, 1])
  assert.equal((await at.get(`objects/?match[version]=all&match[id]=${object.id}`)).text, before)
})

it('W03 who may not read does not learn from a conflict that an object is there', async () => {
  const at = await region.empty()
  const writer = await region.site.addUser('writer', { write: [at.id] })
  const [there, absent] = identities(2)
  await at.post([there ?? ''])
  const reports: unknown[] = []
  for (const object of [there, absent]) {
    const { body } = await at.post([{ ...object, name: 'A guess' }], writer)
    reports.push([body.success_count, body.failure_count])
  }
  assert.deepEqual(reports[0], reports[1])
  assert.equal((await at.get(`objects/${there?.id}/`)).body.objects?.[0]?.name, '1', 'the first one stays')
})

it('W04 a body that is no JSON, or too deep, is 400', async () => {
  const at = await region.empty()
  const deep = `{"objects":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`
  const object = JSON.stringify(identity())
  const bad = [
    '',
    ' ',
    '{',
    '{"objects":',
    `{"objects":[${object}]`,
    `{"objects":[${object},]}`,
    "{'objects':[]}",
    deep,
  ]
  const more = ['{"objects":[NaN]}', `{"objects":[${object}]}{}`, `{"objects":[{"__proto__":{"a":1}}]}`, '\u0000']
  for (const body of [...bad, ...more]) await mustRefuse(at, body, 400)
})

it('W04 JSON that is no envelope with objects is 422', async () => {
  const at = await region.empty()
  const bad = ['null', '17', '"text"', 'true', '[]', '{}', '{"objects":null}', '{"objects":{}}', '{"objects":[]}']
  for (const body of [...bad, `[${JSON.stringify(identity())}]`, JSON.stringify(identity())]) {
    await mustRefuse(at, body, 422)
  }
})

it('W05 the good objects are stored, the bad one is reported', async () => {
  const at = await region.empty()
  const good = identities(4)
  const bad = indicator({ pattern: 'no pattern at all', modified: '2026-05-05T05:05:05.000Z' })
  const { status, body } = await at.post([...good.slice(0, 2), bad, ...good.slice(2)])
  assert.equal(status, 202)
  assert.deepEqual([body.total_count, body.success_count, body.failure_count], [5, 4, 1])
  const [failure] = body.failures ?? []
  assert.deepEqual([failure?.id, failure?.version], [bad.id, bad.modified])
  assert.match(failure?.message ?? '', /pattern/)
  assert.deepEqual(
    idsOf(await at.get('objects/')),
    good.map((object) => object.id),
  )
})

it('W06 nothing but content that is not supported is 422', async () => {
  const at = await region.empty()
  const { spec_version: _, ...old } = identity()
  for (const objects of [[old], [old, old], [identity({ spec_version: '2.0' })], ['17', '"text"', 'null']]) {
    await mustRefuse(at, envelope(objects), 422)
  }
})

it('W07 cyber-observables without spec_version, created and modified are taken', async () => {
  const at = await region.empty()
  const observables = [address('192.0.2.1'), address('192.0.2.2')]
  const { body } = await at.post(observables)
  assert.deepEqual([body.success_count, body.failure_count], [2, 0])
  assert.deepEqual((await at.get('objects/?match[type]=ipv4-addr')).body.objects, observables)
})

it('W08 a bundle is 422, and the answer says what to send', async () => {
  const at = await region.empty()
  const object = identity()
  const bundle = { type: 'bundle', id: `bundle--${object.id.slice('identity--'.length)}`, objects: [object] }
  const answer = await send(at, JSON.stringify(bundle))
  assert.equal(answer.status, 422)
  assert.match(answer.body.description ?? '', /envelope/)
  assert.equal((await at.get('objects/')).text, '{}')
})

it('W09 no input spoils later reading', async () => {
  const at = await region.empty()
  const poison: readonly (object | string)[] = [
    identity({ modified: 'y' }),
    identity({ modified: 5 }),
    identity({ modified: '9999-12-31T23:59:59.999999999999Z', created: '0000-01-01T00:00:00Z' }),
    identity({ created: '2026-02-30T00:00:00Z' }),
    identity({ id: 'identity--x' }),
    identity({ id: "identity--'; drop table release; --" }),
    identity({ id: 17 }),
    identity({ type: 'x'.repeat(5000) }),
    identity({ x_text: '\uFFFF\uD83D\uDC80\\u0000' }),
    JSON.stringify(identity()).replace('Harbour desk', 'Harbour \\ud83d desk'),
    JSON.stringify(identity()).replace('Harbour desk', 'Harbour \\u0000 desk'),
    JSON.stringify(identity()).replace('{', '{"x_big":1e400,'),
    identity({ modified: `2026-01-01T00:00:00.${'1'.repeat(3000)}Z` }),
    '17',
    'null',
    '"text"',
    '[]',
    '{}',
    'true',
  ]
  for (const object of poison) {
    const { status } = await at.post([object, identity()])
    assert.ok([202, 400, 422].includes(status), `${status} for ${JSON.stringify(object).slice(0, 100)}`)
  }
  const good = identity()
  assert.equal((await at.post([good])).status, 202)
  for (const list of ['objects/', 'manifest/', 'objects/?match[version]=all', 'manifest/?match[version]=first']) {
    for (const query of ['', `added_after=2020-01-01T00:00:00Z`, 'limit=3']) {
      const answer = await at.get(`${list}${list.includes('?') ? '&' : '?'}${query}`)
      assert.equal(answer.status, 200)
      assert.ok((answer.body.objects?.length ?? 0) > 0)
    }
  }
  for (const { id } of (await at.get('objects/')).body.objects ?? []) {
    assert.equal((await at.get(`objects/${id}/versions/`)).status, 200)
  }
  assert.equal((await at.get(`objects/${good.id}/`)).status, 200)
})

it('W10 what is complete can be read at once, in the order of the envelope', async () => {
  const at = await region.empty()
  for (let post = 0; post < 5; post += 1) {
    const objects = identities(7)
    const { body } = await at.post(objects)
    assert.equal(body.status, 'complete')
    const seen = idsOf(await at.get('manifest/'))
    assert.deepEqual(
      seen.slice(-7),
      objects.map((object) => object.id),
    )
    assert.deepEqual(idsOf(await at.get('objects/')), seen)
  }
})

it('W15 the same post sent many times at once stores once', async () => {
  const at = await region.empty()
  const objects = [...identities(5), statement(), address('192.0.2.15')]
  const answers = await Promise.all(Array.from({ length: 6 }, () => at.post(objects, { ...region.bearer })))
  for (const answer of answers) {
    assert.equal(answer.status, 202, answer.text)
    assert.deepEqual([answer.body.success_count, answer.body.failure_count], [7, 0])
  }
  const stored = idsOf(await at.get('manifest/?match[version]=all'))
  assert.deepEqual(stored.toSorted(), objects.map((object) => object.id).toSorted())
})

async function mustRefuse(at: At, body: string, status: number): Promise<void> {
  const answer = await send(at, body)
  assert.equal(answer.status, status, `${body.slice(0, 60)}: ${answer.text}`)
  assert.ok(answer.body.title)
  assert.equal((await at.get('objects/')).text, '{}')
}
