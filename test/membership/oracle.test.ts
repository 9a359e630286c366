import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { MEMBER_STATES, type MemberState } from '../../policies/member-state.ts'
import { settled, transition } from '../../policies/membership.ts'
import { type Database, run, type Transaction } from '../../server/storage/database.ts'
import { openScratch, type Scratch, scratch } from '../support/database.ts'
import { DAY, factsOf, NOW } from './facts.ts'
import { type Happening, OneMembership } from './one-membership.ts'
import {
  ORACLE_ACTS,
  ORACLE_AFTER,
  ORACLE_FORGET,
  ORACLE_SCHEMA,
  ORACLE_SETTLE,
  ORACLE_STATES,
  ORACLE_WORLD,
} from './oracle-sql.ts'
import { policies } from './policies.ts'

const who = fc.integer({ min: 0, max: 4 })
const states = fc.constantFrom(...MEMBER_STATES)
const organisation = fc.constantFrom('', ' ', 'Harbour', 'HARBOUR ', 'Mill', 'Hill')
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('nominate' as const), who }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('vouch' as const), who }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('withdraw' as const), who }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('approve' as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom(
        'add' as const,
        'block' as const,
        'reinstate' as const,
        'memorialise' as const,
        'leave' as const,
        'remove' as const,
      ),
      who,
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('standing' as const), who, state: states, organisation }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('given' as const), count: fc.integer({ min: 0, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('key' as const),
      key: fc.constantFrom('none' as const, 'revoked' as const, 'good' as const, 'good' as const),
      days: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constantFrom(
        'activity' as const,
        'activity' as const,
        'away' as const,
        'back' as const,
        'concern' as const,
        'concern-settled' as const,
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 45 })), fc.constantFrom(0, 0, 1, -1))
      .map(([days, more]) => ({ what: 'time' as const, micros: Math.max(0, days * DAY + more) })),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('policy' as const), policy: policies }) },
)
const histories = fc.array(
  fc.record({ policy: policies, happenings: fc.array(happenings, { minLength: 1, maxLength: 40, size: 'max' }) }),
  { minLength: 1, maxLength: 400, size: 'max' },
)

let place: Scratch
let database: Database

before(async () => {
  place = await scratch()
  database = await openScratch(place)
  await database.transaction(async (trx) => {
    for (const text of ORACLE_SCHEMA) await run(trx, text)
  })
})

after(async () => {
  await database.close()
  await place.remove()
})

/** Takes all histories one event on in the model. */
async function ask(trx: Transaction, json: string): Promise<ReadonlyMap<number, string | null>> {
  for (const text of ORACLE_WORLD) await run(trx, text, text.includes('$1') ? [json] : [])
  for (const text of [...ORACLE_ACTS, ORACLE_SETTLE, ORACLE_AFTER]) await run(trx, text)
  const { rows } = await run<{ history: number; state: string | null }>(trx, ORACLE_STATES)
  return new Map(rows.map((row) => [row.history, row.state]))
}

describe('the rules and an independent model of them in SQL', () => {
  it('agree after each event of more than a thousand histories', async () => {
    const seen = new Map<string, number>()
    let count = 0
    await fc.assert(
      fc.asyncProperty(histories, async (all) => {
        count += all.length
        const lives = all.map(({ policy }) => new OneMembership(policy))
        const steps = Math.max(...all.map((each) => each.happenings.length))
        await database.transaction(async (trx) => {
          for (const text of ORACLE_FORGET) await run(trx, text)
        })
        for (let step = 0; step < steps; step += 1) {
          const worlds: { readonly history: number; readonly from: string | undefined; readonly text: string }[] = []
          for (const [history, life] of lives.entries()) {
            const happening = all[history]?.happenings[step]
            if (!happening) continue
            const from = life.state
            life.live(happening)
            worlds.push({ history, from, text: JSON.stringify(life.world(history, happening)) })
          }
          const model = await database.transaction((trx) => ask(trx, `[${worlds.map((world) => world.text).join()}]`))
          for (const { history, from, text } of worlds) {
            const [ours, theirs] = [lives[history]?.state, model.get(history) ?? undefined]
            if (ours !== theirs) assert.equal(ours, theirs, `history ${history}, event ${step}, from ${from}: ${text}`)
            const change = `${from} ${ours}`
            seen.set(change, (seen.get(change) ?? 0) + 1)
          }
        }
      }),
      { numRuns: 10, seed: 20, endOnFailure: false },
    )
    assert.ok(count > 1200, `only ${count} histories`)
    const must = [
      'undefined nominated',
      'undefined vetted',
      'nominated vetted',
      'nominated failed',
      'vetted failed',
      'vetted active',
      'vetted approved',
      'approved active',
      'approved failed',
      'inactive active',
      'active inactive',
      'soonidle inactive',
      'idle inactive',
      'active soonidle',
      'active idle',
      'soonidle idle',
      'soonidle active',
      'idle active',
      'blocked failed',
      'blocked active',
      'failed nominated',
    ]
    const missing = must.filter((change) => !seen.has(change))
    assert.deepEqual(missing, [], `never seen in ${count} histories`)
  })
})

const facts = fc
  .record({
    policy: policies,
    enteredDays: fc.integer({ min: 0, max: 60 }),
    byNomination: fc.boolean(),
    wasApproved: fc.boolean(),
    vouches: fc.integer({ min: 0, max: 4 }),
    organisations: fc.integer({ min: 0, max: 4 }),
    vouchesGiven: fc.integer({ min: 0, max: 4 }),
    key: fc.oneof(
      fc.constantFrom({ state: 'none' as const }, { state: 'revoked' as const }),
      fc.constant({ state: 'good' as const, expiresMicros: undefined }),
      fc.integer({ min: 0, max: 30 }).map((days) => ({ state: 'expired' as const, sinceMicros: NOW - days * DAY })),
    ),
    activityDays: fc.integer({ min: 0, max: 100 }),
    awayDays: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    approvals: fc.integer({ min: 0, max: 2 }),
    concerns: fc.integer({ min: 0, max: 1 }),
    belowDays: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  })
  .map(({ policy, enteredDays, activityDays, awayDays, belowDays, ...rest }) =>
    factsOf(policy, {
      ...rest,
      enteredMicros: NOW - enteredDays * DAY,
      activityMicros: NOW - activityDays * DAY,
      awaySinceMicros: awayDays === undefined ? undefined : NOW - awayDays * DAY,
      belowSinceMicros: belowDays === undefined ? undefined : NOW - belowDays * DAY,
    }),
  )

describe('laws of the rules, for any facts', () => {
  const always = (law: (state: MemberState, given: ReturnType<typeof factsOf>) => void) =>
    fc.assert(fc.property(states, facts, law), { numRuns: 20_000 })

  it('settled comes to rest, and is at rest then', () => {
    always((state, given) => {
      const steps = settled(state, given)
      assert.ok(steps.length <= 3, `${steps.length} steps`)
      assert.deepEqual(settled(steps.at(-1)?.state ?? state, given), [])
      assert.equal(new Set([state, ...steps.map((step) => step.state)]).size, steps.length + 1, 'no state twice')
    })
  })

  it('a review lets nobody in: no approval, no way back from failed, blocked or deceased', () => {
    always((state, given) => {
      const end = settled(state, given).at(-1)?.state ?? state
      if (['failed', 'blocked', 'deceased'].includes(state)) assert.equal(end, state)
      if (['nominated', 'vetted'].includes(state)) assert.ok(['nominated', 'vetted', 'failed'].includes(end), end)
      assert.ok(end !== 'blocked' || state === 'blocked')
    })
  })

  it('nobody is approved without enough vouches, approvals, and every concern settled', () => {
    always((state, given) => {
      const next = transition(state, 'approve', given)
      const { policy } = given
      const enough =
        given.vouches >= Math.max(1, policy.targetInvouch) &&
        given.organisations >= policy.distinctOrganisations &&
        given.approvals >= policy.approvals &&
        given.concerns === 0
      assert.equal(next.ok, state === 'vetted' && enough)
    })
  })

  it('a block is no way around approval', () => {
    always((state, given) => {
      const blocked = transition(state, 'block', { ...given, wasApproved: false })
      if (!blocked.ok || blocked.state === undefined) return
      const back = transition(blocked.state, 'reinstate', { ...given, wasApproved: false })
      assert.deepEqual(back.ok && back.state, 'failed')
    })
  })

  it('nothing is refused without a reason, and no step is made without one', () => {
    always((state, given) => {
      for (const step of settled(state, given)) assert.ok(step.because.length > 0)
      for (const event of [
        'approve',
        'block',
        'reinstate',
        'leave',
        'remove',
        'nominate',
        'add',
        'memorialise',
      ] as const) {
        const next = transition(state, event, given)
        if (!next.ok) assert.ok(next.reasons.length > 0)
      }
    })
  })
})
