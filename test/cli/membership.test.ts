import assert from 'node:assert/strict'
import { Readable, Writable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { adminFace } from '../../server/admin/face.ts'
import { runCommandLine } from '../../server/cli/main.ts'
import { takeLock } from '../../server/lock.ts'
import { waterGroup } from '../groups/water.ts'
import { addKeys, KEYS_ARE_FOR } from '../support/portal-keys.ts'
import { testSite, type TestSite } from '../support/site.ts'
import type { Ran } from './command-line.ts'

let site: TestSite
let water: Awaited<ReturnType<typeof waterGroup>>
let letGo: () => Promise<void>

before(async () => {
  site = await testSite()
  water = await waterGroup(site, ['bob', 'carol', 'dave', 'erin'])
  const locked = await takeLock(site.place.folder)
  assert.ok(locked.taken)
  locked.lock.answer(adminFace(site.context).listener)
  letGo = () => locked.lock.release()
})
after(async () => {
  await letGo()
  await site.close()
})

/** The command line as it is, without a process of its own, on the socket of the server of this test. */
async function vouchsafe(...args: readonly string[]): Promise<Ran> {
  const [stdout, stderr] = [collected(), collected()]
  const { folder, url } = site.place
  const env = { VOUCHSAFE_DATA: folder, ...(url && { DATABASE_URL: url }) }
  const code = await runCommandLine(args, {
    env,
    stdin: Readable.from([]),
    stdout: stdout.stream,
    stderr: stderr.stream,
  })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

function collected() {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return { stream, text: () => text }
}

/** What a command that succeeds prints with --json. */
async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await vouchsafe(...args, '--json')
  assert.equal(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout) as Record<string, unknown>
}

async function refused(args: readonly string[], code: number, words: RegExp): Promise<void> {
  const ran = await vouchsafe(...args)
  assert.deepEqual([ran.code, ran.stdout], [code, ''], args.join(' '))
  assert.match(ran.stderr, words)
}

/** The line of the undoing that a command printed, run as it stands. */
async function undo({ stdout }: Ran): Promise<Ran> {
  const line = /^To undo: vouchsafe ([^;\n]+)/m.exec(stdout)?.[1] ?? ''
  return await vouchsafe(...line.split(' ').map((word) => word.replaceAll("'", '')))
}

describe('a membership on the command line', () => {
  it('show: state, roles, who vouches, and whose fate hangs on it', async () => {
    await water.vouch(['alice', 'bob'], ['bob', 'carol'])
    const shown = await json('member', 'show', 'water', 'bob')
    assert.deepEqual([shown['account'], shown['state'], shown['vouched_for_by']], ['bob', 'active', ['alice']])
    const { stdout } = await vouchsafe('member', 'show', 'water', 'bob')
    assert.match(stdout, /^vouched for by +alice$/m)
    assert.match(stdout, /^carol +active +1 to 0 +stays$/m)
  })

  it('block, with the vouches made void, and back by the line that it prints', async () => {
    const blocked = await vouchsafe('member', 'block', 'water', 'bob', '--reason', 'as agreed', '--void-vouches')
    assert.deepEqual([blocked.code, blocked.stderr], [0, ''])
    assert.match(blocked.stdout, /^In water, bob is blocked\.$/m)
    assert.equal((await water.states())['bob'], 'blocked')
    assert.match((await vouchsafe('member', 'why', 'water', 'bob')).stdout, /^bob is blocked since .* may: nothing\.$/m)
    await refused(['member', 'block', 'water', 'bob'], 1, /the membership is blocked: nothing has to be done/)
    const back = await undo(blocked)
    assert.equal(back.stdout.split('\n')[0], 'In water, bob is let in again, and is active.')
    await refused(['member', 'reinstate', 'water', 'bob'], 1, /the membership is active: only who is blocked/)
    const audited = await water.audited('member_blocked')
    assert.deepEqual(audited.at(-1)?.detail, { group: 'water', account: 'bob', reason: 'as agreed' })
    const { received } = await json('vouch', 'list', 'water', 'carol')
    assert.deepEqual(received, [], 'voided vouches do not come back')
  })

  it('history says each step, newest first, and who took it', async () => {
    const { history } = await json('member', 'history', 'water', 'bob')
    const steps = (history as { event: string; from: string; to: string; actor: string }[]).map(
      ({ event, from, to, actor }) => [event, from, to, actor],
    )
    assert.deepEqual(steps.slice(0, 3), [
      ['review', 'approved', 'active', 'command line'],
      ['reinstate', 'blocked', 'approved', 'command line'],
      ['block', 'active', 'blocked', 'command line'],
    ])
    assert.match(
      (await vouchsafe('member', 'history', 'water', 'bob')).stdout,
      /^\S+ \S+ +block +active +blocked +command line$/m,
    )
  })

  it('memorialise, and back', async () => {
    const done = await vouchsafe('member', 'memorialise', 'water', 'dave')
    assert.match(done.stdout, /remembered as dead/)
    assert.equal((await water.states())['dave'], 'deceased')
    assert.equal((await undo(done)).code, 0)
    assert.equal((await water.states())['dave'], 'active')
  })

  it('remove ends it; the printed line makes another one, without the vouches', async () => {
    const removed = await vouchsafe('member', 'remove', 'water', 'carol')
    assert.match(removed.stdout, /carol is no member of water any more/)
    assert.equal((await water.states())['carol'], undefined)
    await refused(['member', 'why', 'water', 'carol'], 1, /"carol" of The water .*see "vouchsafe group members water"/)
    assert.equal((await undo(removed)).code, 0)
    assert.equal((await water.states())['carol'], 'active')
    assert.deepEqual(await json('member', 'remove', 'water', 'carol'), {
      group: 'water',
      account: 'carol',
      done: 'remove',
      state: null,
    })
  })

  it('the last administrator stays, and what is mistyped is told with what was meant', async () => {
    for (const act of ['block', 'remove', 'memorialise']) {
      await refused(['member', act, 'water', 'alice'], 1, /last administrator of The water cannot be/)
    }
    for (const act of ['show', 'why', 'history', 'block']) {
      await refused(['member', act, 'watr', 'bob'], 1, /the trust group "watr" was not found: did you mean water\?/)
      await refused(['member', act, 'water', 'nobody'], 1, /a member "nobody" of The water was not found/)
    }
    await refused(['member', 'blok', 'water', 'bob'], 2, /did you mean "vouchsafe member block"/)
    await refused(['member', 'block', 'water'], 2, /needs ACCOUNT/)
    await refused(['member', 'block', 'water', 'bob', '--void'], 2, /no option --void: did you mean --void-vouches/)
  })

  it('a vouch: given in a name, told how to undo it, and what is missing', async () => {
    await refused(['vouch', 'give', 'water', 'dave', '--by', 'bob'], 1, /missing: met:1, trust:1, fate:1/)
    await refused(['vouch', 'give', 'water', 'dave'], 2, /--by ACCOUNT, the member in whose name/)
    const attested = ['met:1', 'trust:1', 'fate:1'].flatMap((ref) => ['--attest', ref])
    const given = await vouchsafe('vouch', 'give', 'water', 'dave', '--by', 'bob', ...attested)
    assert.equal(given.code, 0, given.stderr)
    assert.match(
      (await vouchsafe('vouch', 'list', 'water', 'dave')).stdout,
      /^bob +dave +\S+ +never +met:1 trust:1 fate:1$/m,
    )
    assert.equal((await undo(given)).code, 0)
    assert.deepEqual((await json('vouch', 'list', 'water', 'dave'))['received'], [])
  })
})

describe('keys of a group on the command line', () => {
  it('list, show, check and export a key that is in use', async () => {
    const { kysely } = site.context.database
    await kysely.updateTable('account').set({ email: KEYS_ARE_FOR }).where('name', '=', 'alice').execute()
    await addKeys(site.context, 'alice')
    const { keys } = await json('key', 'list', 'water')
    assert.equal((keys as unknown[]).length, 1)
    const [{ account, fingerprint, proven }] = keys as [{ account: string; fingerprint: string; proven: boolean }]
    assert.deepEqual([account, proven], ['alice', true])
    const listed = await vouchsafe('key', 'list', 'water')
    assert.match(listed.stdout, /^ACCOUNT +FINGERPRINT +ALGORITHM +EXPIRES +STANDING\nalice +[0-9A-F]{40} /)
    const own = await vouchsafe('key', 'show', 'alice')
    assert.match(own.stdout, /unproven/)
    assert.match(own.stdout, new RegExp(fingerprint))
    const checked = await vouchsafe('key', 'check', 'water')
    assert.equal(checked.code, 1, 'somebody cannot decrypt')
    assert.match(checked.stdout, /^1 of 4 who get mail can decrypt\.$/m)
    assert.match(checked.stdout, /^bob +no key$/m)
    const [first, second] = [await vouchsafe('key', 'export', 'water'), await vouchsafe('key', 'export', 'water')]
    assert.match(first.stdout, /^-----BEGIN PGP PUBLIC KEY BLOCK-----\n[\s\S]+\n-----END PGP PUBLIC KEY BLOCK-----\n$/)
    assert.equal(first.stdout, second.stdout)
    assert.equal((await json('key', 'export', 'water'))['keyring'], first.stdout)
    await refused(['key', 'show', 'nobody'], 1, /the account "nobody" was not found: see "vouchsafe user list"/)
    await refused(['key', 'check', 'nowhere'], 1, /see "vouchsafe group list"/)
  })
})

describe('the rules of a group on the command line', () => {
  it('a rehearsal says who would move and saves nothing', async () => {
    const rehearsed = await vouchsafe('group', 'policy', 'water', '--rule', 'pgpRequired=yes')
    assert.equal(rehearsed.code, 0, rehearsed.stderr)
    assert.match(rehearsed.stdout, /^pgpRequired +no +yes$/m)
    assert.match(rehearsed.stdout, /^bob +active +inactive +now +key$/m)
    assert.doesNotMatch(rehearsed.stdout, /^alice/m)
    assert.match(rehearsed.stdout, /Nothing is saved\. Add --save/)
    assert.equal((await water.states())['bob'], 'active')
    assert.match((await vouchsafe('group', 'policy', 'water')).stdout, /^pgpRequired +no$/m)
  })

  it('--save saves them, and says how many have moved', async () => {
    const saved = await json('group', 'policy', 'water', '--rule', 'pgpRequired=yes', '--save')
    assert.deepEqual(saved['changed'], [{ rule: 'pgpRequired', from: false, to: true }])
    assert.deepEqual([saved['saved'], saved['moved']], [true, 3])
    assert.deepEqual(await water.states(), { alice: 'active', bob: 'inactive', dave: 'inactive', erin: 'inactive' })
    assert.match((await vouchsafe('member', 'why', 'water', 'bob')).stdout, /^key +missing .*member$/m)
    const back = await vouchsafe('group', 'policy', 'water', '--rule', 'pgpRequired=no', '--save')
    assert.match(back.stdout, /The rules are saved\. Memberships that moved: 3\./)
  })

  it('what is no rule, or no value, is refused', async () => {
    const policy = ['group', 'policy', 'water']
    await refused([...policy, '--rule', 'minOutvoch=3'], 2, /no rule minOutvoch: did you mean minOutvouch\?/)
    await refused([...policy, '--rule', 'minOutvouch'], 2, /--rule is NAME=VALUE/)
    await refused([...policy, '--rule', 'minOutvouch=many'], 1, /minOutvouch: write a whole number from 0 to 100/)
    await refused([...policy, '--save'], 2, /--save needs --rule/)
    await refused(['group', 'policy', 'watr'], 1, /did you mean water\?/)
  })
})

describe('programs of members on the command line', () => {
  it('are made, listed and ended', async () => {
    const made = await vouchsafe('member', 'add-service', 'water', 'bob', 'siem', '--purpose', 'SIEM of the harbour')
    assert.match(made.stdout, /^bob\.siem is made\.$/m)
    assert.match(
      (await vouchsafe('member', 'services', 'bob')).stdout,
      /^bob\.siem +bob +water +read +never +SIEM of the harbour$/m,
    )
    assert.deepEqual((await json('member', 'services', 'alice'))['services'], [])
    assert.match((await undo(made)).stdout, /^bob\.siem has ended, and its tokens with it/)
    assert.deepEqual((await json('member', 'services'))['services'], [])
    await refused(['member', 'end-service', 'bob.siem'], 1, /see "vouchsafe member services"/)
    await refused(['member', 'services', 'nobody'], 1, /the account "nobody"/)
    await refused(['member', 'add-service', 'watr', 'bob', 'siem'], 1, /did you mean water\?/)
  })
})
