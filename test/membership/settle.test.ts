import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { DEFAULT_POLICY, type GroupPolicy, policyFrom, policyJson } from '../../policies/group-policy.ts'
import { CAPABILITIES, type MemberState } from '../../policies/member-state.ts'
import { loadConfig } from '../../server/config/load.ts'
import { TrustGroupError } from '../../server/errors.ts'
import { createLog } from '../../server/log.ts'
import { openCore } from '../../server/main.ts'
import { approveNominee } from '../../server/members/vouching/approve.ts'
import {
  blockMember,
  leaveGroup,
  memorialiseMember,
  reinstateMember,
  removeMember,
} from '../../server/members/departures.ts'
import { makeGroup } from '../../server/members/groups.ts'
import { addMember } from '../../server/members/memberships.ts'
import { nominate } from '../../server/members/vouching/nominate.ts'
import { BY_OPERATOR } from '../../server/members/permission.ts'
import { reviewEveryone, reviewGroup } from '../../server/members/review.ts'
import { settleEverywhere } from '../../server/members/settle-everywhere.ts'
import { vouch, withdrawVouch } from '../../server/members/vouching/vouch.ts'
import { addAccount } from '../../server/site/accounts.ts'
import { raiseAccess } from '../../server/site/site.ts'
import { run } from '../../server/storage/database.ts'
import { membershipCases } from '../../server/storage/membership-facts.ts'
import { readGroupFacts, rehearsedCases } from '../../server/storage/rehearsed-cases.ts'
import { openScratch, type Scratch, scratch } from '../support/database.ts'
import { movableClock } from '../support/movable-clock.ts'
import { DAY } from './facts.ts'
import { policies } from './policies.ts'
import { MODEL_ACT, MODEL_ROUND, MODEL_SCHEMA } from './real-model-sql.ts'

const GROUPS = 6
const STEPS = 45
const SEED = 11
const ATTESTED = ['met:1', 'trust:1', 'fate:1']

const EVENTS = [
  'nominate',
  'nominate',
  'nominate',
  'vouch',
  'vouch',
  'vouch',
  'vouch',
  'vouch',
  'withdraw',
  'approve',
  'approve',
  'approve',
  'add',
  'block',
  'reinstate',
  'reinstate',
  'memorialise',
  'remove',
  'leave',
  'policy',
  'key',
  'key',
  'activity',
  'activity',
  'away',
  'back',
  'concern',
  'employer',
] as const
const steps = fc.record({
  event: fc.constantFrom(...EVENTS),
  one: fc.nat(1000),
  other: fc.nat(1000),
  days: fc.integer({ min: 0, max: 40 }),
  passes: fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 1, max: 30 })),
  policy: policies,
})
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never

interface Person {
  readonly account_no: number
  readonly name: string
  readonly state: MemberState
  readonly nomination_no: number | null
}

/** Entries of a map by account. */
function byNumber([a]: readonly [number, unknown], [b]: readonly [number, unknown]): number {
  return a - b
}

const clock = movableClock('2026-01-01T00:00:00Z')
let place: Scratch
let core: Awaited<ReturnType<typeof openCore>>

before(async () => {
  place = await scratch()
  const loaded = loadConfig(place.url ? { DATABASE_URL: place.url } : {}, {
    overrides: { data_folder: place.folder, log_level: 'fatal' },
  })
  assert.ok(loaded.ok)
  core = await openCore(loaded.config, createLog(loaded.config), { database: await openScratch(place), clock })
  await core.context.database.transaction((trx) => run(trx, MODEL_SCHEMA))
})

after(async () => {
  await core[Symbol.asyncDispose]()
  await place.remove()
})

/** One group, what was done in it, and the model beside it. */
class Group {
  readonly name: string
  readonly log: string[] = []
  number = 0
  #before = 0
  policy = DEFAULT_POLICY
  readonly #first: GroupPolicy

  constructor(name: string, first: GroupPolicy) {
    this.name = name
    this.#first = first
  }

  async open(): Promise<void> {
    const { context } = core
    for (const each of ['chief', 'deputy', 'first', 'second']) {
      await addAccount(context, { actor: 'test', name: `${this.name}-${each}`, role: 'member' })
    }
    this.#before = clock.nowMicros()
    const administrator = `${this.name}-chief`
    await makeGroup(context, {
      ...BY_OPERATOR,
      name: this.name,
      title: this.name,
      purpose: '',
      secondFactor: false,
      administrator,
    })
    await addMember(context, {
      ...BY_OPERATOR,
      group: this.name,
      account: `${this.name}-deputy`,
      roles: ['group-administrator'],
    })
    const { group_no: number } = await context.database.kysely
      .selectFrom('trust_group')
      .select('group_no')
      .where('name', '=', this.name)
      .executeTakeFirstOrThrow()
    this.number = number
    for (const person of await this.people()) await this.#act(person.account_no, 'approved')
    await this.check()
    this.#before = clock.nowMicros()
    await this.#setPolicy(this.#first)
    await this.check()
  }

  async people(): Promise<readonly Person[]> {
    return await core.context.database.kysely
      .selectFrom('membership as m')
      .innerJoin('account as a', 'a.account_no', 'm.account_no')
      .leftJoin('nomination as n', (join) =>
        join
          .onRef('n.group_no', '=', 'm.group_no')
          .onRef('n.account_no', '=', 'm.account_no')
          .on('n.ended_micros', 'is', null),
      )
      .innerJoin('trust_group as g', 'g.group_no', 'm.group_no')
      .select(['m.account_no', 'a.name', 'm.state', 'n.nomination_no'])
      .where('g.name', '=', this.name)
      .orderBy('m.account_no')
      .execute()
  }

  /** Does what a step says, where the rules let it; the model is told what somebody has done, not what follows from it. */
  async live(step: Step): Promise<void> {
    this.#before = clock.nowMicros()
    this.log.push(`${step.event} ${step.one} ${step.other}`)
    const people = await this.people()
    const person = people[step.one % people.length]
    const other = people[step.other % people.length]
    if (!person || !other) return
    try {
      await this.#do(step, people, person, other)
    } catch (error) {
      if (!(error instanceof TrustGroupError)) throw error
      this.log.push(`  ${error.code}`)
    }
    await this.check()
  }

  async #do(step: Step, people: readonly Person[], person: Person, other: Person): Promise<void> {
    const { context } = core
    const by = { ...BY_OPERATOR, group: this.name }
    const member = { ...by, account: person.name }
    const vouchee = other.nomination_no === null ? other.name : `~${other.nomination_no}`
    switch (step.event) {
      case 'nominate': {
        const email = `${this.name}-${step.other % 6}@city.example`
        const words = { name: `Nominee ${step.other % 6}`, affiliation: '', biography: '', text: 'Known for years.' }
        const { nominationNo } = await nominate(context, {
          ...by,
          ...words,
          email,
          attested: ATTESTED,
          inNameOf: person.name,
          isNoneOfThem: true,
        })
        const now = await this.people()
        const nominee =
          now.find((each) => each.nomination_no === nominationNo) ??
          now.find(({ account_no }) => !people.some((each) => each.account_no === account_no))
        const { account_no } = await core.context.database.kysely
          .selectFrom('nomination')
          .select('account_no')
          .where('nomination_no', '=', nominationNo)
          .executeTakeFirstOrThrow()
        await this.#act(nominee?.account_no ?? account_no, 'nominated')
        return
      }
      case 'vouch':
        return await vouch(context, { ...by, inNameOf: person.name, vouchee, text: 'Trusted.', attested: ATTESTED })
      case 'withdraw':
        return await withdrawVouch(context, { ...by, inNameOf: person.name, vouchee })
      case 'approve': {
        const nominee = people.find((each) => each.state === 'vetted')
        if (!nominee?.nomination_no) return
        const administrator = `${this.name}-${step.one % 2 === 0 ? 'chief' : 'deputy'}`
        const { outcome } = await approveNominee(context, {
          ...by,
          inNameOf: administrator,
          nominationNo: nominee.nomination_no,
        })
        if (outcome === 'approved') await this.#act(nominee.account_no, 'approved')
        return
      }
      case 'add': {
        const account = `${this.name}-${step.one % 2 === 0 ? 'first' : 'second'}`
        await addMember(context, { ...by, account })
        const added = (await this.people()).find((each) => each.name === account)
        return await this.#act(added?.account_no ?? 0, 'approved')
      }
      case 'block':
        await blockMember(context, { ...member, voidVouches: step.other % 2 === 0 })
        return await this.#act(person.account_no, 'blocked')
      case 'reinstate': {
        const out = people.find((each) => each.state === 'blocked' || each.state === 'deceased') ?? person
        const wasIn = await this.#wasIn(out.account_no)
        await reinstateMember(context, { ...by, account: out.name })
        return await this.#act(out.account_no, wasIn ? 'approved' : 'failed')
      }
      case 'memorialise':
        await memorialiseMember(context, member)
        return await this.#act(person.account_no, 'deceased')
      case 'remove':
      case 'leave':
        await (step.event === 'remove' ? removeMember(context, member) : leaveGroup(context, member))
        return await this.#act(person.account_no, undefined)
      case 'policy':
        return await this.#setPolicy(step.policy)
      case 'key':
      case 'activity':
      case 'away':
      case 'back':
      case 'concern':
      case 'employer':
        await this.#change(step, person)
    }
  }

  /** Changes a fact as the pages for it do: rows, then the rules everywhere. */
  async #change(step: Step, { account_no: accountNo }: Person): Promise<void> {
    const { context } = core
    const nowMicros = clock.nowMicros()
    const text = {
      key: `with made as (
              insert into certificate (account_no, fingerprint, body, addresses, algorithm, key_micros, expires_micros, revoked_micros,
                                       origin, added_micros, checked_micros, proven_micros)
              values ($2, 'F' || $1::bigint, '', '', 'ed25519', $1::bigint, case when $3::int > 0 then $1::bigint + $3::int * 86400000000 end,
                      case when $3::int = 40 then $1::bigint end, 'upload', $1::bigint, $1::bigint, case when $3::int <> 39 then $1::bigint end)
              returning certificate_no)
            update membership set certificate_no = (select certificate_no from made) where account_no = $2`,
      activity:
        'update membership set activity_micros = $1::bigint + 0 * $3::int where account_no = $2 and group_no = $4::int',
      away: `update account set furlough_from_micros = $1::bigint,
                    furlough_until_micros = case when $3::int > 20 then $1::bigint + $3::int * 86400000000 end where account_no = $2`,
      back: 'update account set furlough_until_micros = $1::bigint + 0 * $3::int where account_no = $2 and furlough_from_micros < $1::bigint',
      concern: `insert into vouch_signal (group_no, about_no, by_no, kind, reason, made_micros, expires_micros)
                values ($4::int, $2, $2, 'concern', 'x', $1::bigint, $1::bigint + $3::int * 86400000000)`,
      employer: `insert into profile (account_no, affiliation, changed_micros) values ($2, 'Town ' || ($3::int % 3), $1::bigint)
                 on conflict (account_no) do update set affiliation = excluded.affiliation`,
    }[step.event as 'key']
    await context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      const values = [nowMicros, accountNo, step.days, this.number].slice(0, text.includes('$4') ? 4 : 3)
      await run(trx, text.replaceAll('$2', '$2::int'), values)
      await settleEverywhere(trx, context, { accountNo, actor: 'test', nowMicros })
    })
    if (step.event === 'employer') await reviewGroup(context, this.number)
  }

  async #setPolicy(policy: GroupPolicy): Promise<void> {
    const { context } = core
    const idles = this.name === 'group0' && { canTimeOut: true, maxInactivityDays: 30, idleGuardDays: 20 }
    this.policy = { ...policy, ...idles, nominationsOpen: true, vouchByAdministratorsOnly: false }
    await context.database.transaction(async (trx) => {
      await raiseAccess(trx)
      await run(trx, 'update trust_group set policy = $2 where name = $1', [this.name, policyJson(this.policy)])
    })
    await reviewGroup(context, this.number)
  }

  /** Whether somebody was approved since they were nominated last, by the record. */
  async #wasIn(accountNo: number): Promise<boolean> {
    const rows = await this.#history(accountNo)
    const last = rows.findLast(
      ({ to_state }) => to_state === 'nominated' || to_state === 'approved' || to_state === null,
    )
    return last?.to_state === 'approved'
  }

  async #history(accountNo: number) {
    return await core.context.database.kysely
      .selectFrom('membership_history')
      .selectAll()
      .where('group_no', '=', this.number)
      .where('account_no', '=', accountNo)
      .orderBy('history_no')
      .execute()
  }

  async #act(accountNo: number, state: MemberState | undefined): Promise<void> {
    await core.context.database.transaction(async (trx) => {
      if (state === undefined)
        await run(trx, 'delete from model where group_no = $1 and account_no = $2', [this.number, accountNo])
      else await run(trx, MODEL_ACT, [this.number, accountNo, state])
    })
  }

  readonly seen: { readonly at: number; readonly states: ReadonlyMap<number, MemberState> }[] = []

  /** Lets the rules act in the model until nothing changes, and compares every membership of the group. */
  async check(): Promise<void> {
    const now = clock.nowMicros()
    const model = await core.context.database.transaction(async (trx) => {
      for (let round = 0; ; round += 1) {
        assert.ok(round < 20, 'the model comes to no rest')
        const { count } = await run(trx, MODEL_ROUND, [this.number, now, JSON.stringify(this.policy), this.#before])
        if (count === 0) break
      }
      const { rows } = await run<{ account_no: number; state: string }>(
        trx,
        'select account_no, state from model where group_no = $1',
        [this.number],
      )
      return new Map(rows.map((row) => [row.account_no, row.state]))
    })
    const people = await this.people()
    const ours = new Map(people.map((person) => [person.account_no, person.state]))
    assert.deepEqual(
      new Map([...ours].toSorted(byNumber)),
      new Map([...model].toSorted(byNumber)),
      `${this.name}: ${JSON.stringify(this.policy)}\n${this.log.slice(-12).join('\n')}`,
    )
    this.seen.push({ at: clock.nowMicros(), states: ours })
  }

  /** Reads off the record who was in which state at each moment that was looked at. */
  async replay(): Promise<number> {
    const rows = await core.context.database.kysely
      .selectFrom('membership_history')
      .select(['account_no', 'at_micros', 'from_state', 'to_state'])
      .where('group_no', '=', this.number)
      .orderBy('history_no')
      .execute()
    const states = new Map<number, string>()
    let at = 0
    for (const moment of this.seen) {
      for (let row = rows[at]; row && row.at_micros <= moment.at; row = rows[(at += 1)]) {
        assert.equal(row.from_state, states.get(row.account_no) ?? null, 'each step begins where the one before ended')
        if (row.to_state === null) states.delete(row.account_no)
        else states.set(row.account_no, row.to_state)
      }
      assert.deepEqual(new Map([...states].toSorted(byNumber)), new Map([...moment.states].toSorted(byNumber)))
    }
    return rows.length
  }
}

describe('the rules in the database, and a model of them in SQL over the same tables', () => {
  const [policyOf, stepsOf] = fc.sample(
    fc.tuple(
      fc.array(policies, { minLength: GROUPS, maxLength: GROUPS }),
      fc.array(fc.array(steps, { minLength: GROUPS, maxLength: GROUPS }), { minLength: STEPS, maxLength: STEPS }),
    ),
    { numRuns: 1, seed: SEED },
  )[0] ?? [[], []]
  const groups = policyOf.map((policy, index) => new Group(`group${index}`, policy))

  it('agree after every act, through the use cases', async () => {
    for (const group of groups) await group.open()
    for (const round of stepsOf) {
      await Promise.all(
        groups.map(async (group, index) => {
          const step = round[index]
          if (step) await group.live(step)
        }),
      )
      const days = round[0]?.passes ?? 0
      if (days === 0) continue
      clock.move(days * DAY)
      await reviewEveryone(core.context)
      for (const group of groups) {
        group.log.push(`${days} days`)
        await group.check()
      }
    }
    const states = new Set(groups.flatMap((group) => group.seen.flatMap(({ states: seen }) => [...seen.values()])))
    assert.deepEqual([...states].toSorted(), [
      'active',
      'approved',
      'blocked',
      'deceased',
      'failed',
      'idle',
      'inactive',
      'nominated',
      'soonidle',
      'vetted',
    ])
  })

  it('leave a record from which the states at any moment can be read off', async () => {
    let count = 0
    for (const group of groups) count += await group.replay()
    assert.ok(count > 120, `${count} steps`)
  })

  it('keep what the release before reads: whether a membership sees the group', async () => {
    const rows = await core.context.database.kysely.selectFrom('membership').select(['state', 'active']).execute()
    for (const row of rows) assert.equal(row.active, CAPABILITIES[row.state].see, row.state)
  })

  it('see in a rehearsal what they see when it is done', async () => {
    const { database, clock: time } = core.context
    for (const group of groups) {
      const nowMicros = time.nowMicros()
      await database.transaction(async (trx) => {
        const done = await membershipCases(trx, group.number, nowMicros)
        const facts = await readGroupFacts(trx, group.number, nowMicros)
        assert.deepEqual(rehearsedCases(facts, group.policy, [nowMicros]), [done])
      })
    }
  })

  it('come to rest: a review right after moves nobody', async () => {
    assert.deepEqual(await reviewEveryone(core.context), [])
    for (const group of groups) assert.deepEqual(policyFrom(policyJson(group.policy)), group.policy)
  })
})
