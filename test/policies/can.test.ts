import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Actor, can, type Subject } from '../../policies/can.ts'
import { MEMBER_STATES, type MemberState } from '../../policies/member-state.ts'
import { type Action, GROUP_ROLES, type GroupRole, RULES } from '../../policies/roles.ts'
import { type Tlp, TLP_LEVELS } from '../../policies/tlp.ts'

/**
 * What is expected, written down by hand and not taken from the rules: for each action and role the labels that are let
 * through, each by its letter (C G A S R for CLEAR GREEN AMBER AMBER+STRICT RED), `+` for the act without any content. A
 * role that is not here is let through nothing.
 */
const ALL = '+CGASR'
const IN_GROUP: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'see-group': { newcomer: ALL, member: ALL, 'break-glass': ALL },
  'see-members': { member: ALL, 'break-glass': ALL },
  'read-content': { member: 'CGAS', coordinator: 'CGASR', 'group-administrator': 'CGASR', 'break-glass': 'CGASR' },
  contribute: { member: 'CGASR' },
  'leave-group': { newcomer: ALL, member: ALL },
  'see-own-membership': { newcomer: ALL, member: ALL },
  'set-own-membership': { newcomer: ALL, member: ALL },
  vouch: { newcomer: ALL, member: ALL },
  nominate: { member: ALL },
  'see-nominations': { member: ALL, 'break-glass': ALL },
  'raise-concern': { member: ALL },
  'see-concerns': { 'group-administrator': ALL },
  'see-vouches': { member: ALL, 'break-glass': ALL },
  'export-vouches': { 'group-administrator': ALL },
  'see-collections': { member: ALL, 'break-glass': ALL },
  'manage-collections': { 'group-administrator': ALL },
  'see-requests': { 'group-administrator': ALL },
  'see-assets': { 'group-administrator': ALL },
  'manage-lists': { 'list-owner': ALL, 'group-administrator': ALL },
  'publish-sitrep': { coordinator: 'CGASR' },
  'manage-peers': { coordinator: ALL },
  'manage-members': { 'group-administrator': ALL },
  'assign-roles': { 'group-administrator': ALL },
  'set-group': { 'group-administrator': ALL },
  'end-glass': { 'break-glass': ALL },
  'see-group-audit': { 'group-administrator': ALL, 'break-glass': ALL },
}
const ON_SITE = [
  'see-status',
  'see-style',
  'see-audit',
  'export-audit',
  'see-accounts',
  'invite-account',
  'suspend-account',
  'recover-account',
  'appoint-administrator',
  'manage-groups',
  'break-glass',
  'set-site',
  'manage-providers',
  'see-participants',
  'set-participants',
  'see-site-requests',
  'see-outbox',
  'send-notice',
]
const ON_SELF = ['see-self', 'set-self', 'end-session', 'vouch-for-recovery', 'set-credentials']
const STEP_UP = [
  'assign-roles',
  'export-vouches',
  'export-audit',
  'recover-account',
  'appoint-administrator',
  'break-glass',
  'manage-providers',
  'vouch-for-recovery',
  'set-credentials',
]

const ACTIONS = Object.keys(RULES) as Action[]
const LETTERS = ['+', 'C', 'G', 'A', 'S', 'R']
const LABELS: readonly (Tlp | undefined)[] = [undefined, ...TLP_LEVELS]
const SETS: readonly (readonly GroupRole[])[] = subsets(GROUP_ROLES)
const BOTH = [true, false]
/** The states whose members see the group; an approved one is a newcomer, everyone else an outsider. */
const SEES: ReadonlySet<MemberState> = new Set(['active', 'inactive', 'soonidle', 'idle'])

function subsets<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.reduce<readonly (readonly T[])[]>((all, each) => [...all, ...all.map((one) => [...one, each])], [[]])
}

/** Every way to stand to a group: no member, each state with every set of roles; with and without broken glass. */
function standings() {
  const memberships = [
    undefined,
    ...MEMBER_STATES.flatMap((state) => SETS.map((roles) => ({ state, roles: new Set(roles) }))),
  ]
  return memberships.flatMap((membership) => BOTH.map((brokenGlass) => ({ membership, brokenGlass })))
}

function actors(): readonly Actor[] {
  return BOTH.flatMap((active) =>
    BOTH.flatMap((siteAdministrator) =>
      BOTH.map((secondFactor) => ({ accountNo: 1, active, siteAdministrator, secondFactor })),
    ),
  )
}

describe('every cell of the matrix', () => {
  it('is written down here: a new action says here too who may do it', () => {
    assert.deepEqual(ACTIONS.toSorted(), [...Object.keys(IN_GROUP), ...ON_SITE, ...ON_SELF].toSorted())
  })

  it('in a group: actions, roles in every combination, labels, glass, suspension, second factor', () => {
    let cells = 0
    for (const action of ACTIONS) {
      for (const actor of actors()) {
        for (const { membership, brokenGlass } of standings()) {
          for (const secondFactor of BOTH) {
            for (const [index, label] of LABELS.entries()) {
              cells += 1
              const subject: Subject = { kind: 'group', membership, brokenGlass, secondFactor, ...(label && { label }) }
              const held = [
                ...(membership && SEES.has(membership.state) ? ['member', ...membership.roles] : []),
                ...(membership?.state === 'approved' ? ['newcomer'] : []),
                ...(brokenGlass && actor.siteAdministrator ? ['break-glass'] : []),
              ]
              const row = IN_GROUP[action]
              const expected = !(actor.active && row && held.length > 0)
                ? 'absent'
                : secondFactor && !actor.secondFactor
                  ? 'second-factor'
                  : held.some((role) => row[role]?.includes(LETTERS[index] ?? '?'))
                    ? 'ok'
                    : held.some((role) => row[role] !== undefined)
                      ? 'label'
                      : 'role'
              const permit = can(actor, action, subject)
              assert.equal(
                permit.ok ? 'ok' : permit.reason,
                expected,
                JSON.stringify({ action, actor, held, secondFactor, label }),
              )
            }
          }
        }
      }
    }
    assert.ok(cells > 100_000, `${cells} cells`)
  })

  it('on the site: administrators only, whatever they are in groups', () => {
    for (const action of ACTIONS) {
      for (const actor of actors()) {
        const permit = can(actor, action, { kind: 'site' })
        const known = ON_SITE.includes(action) && actor.active
        const expected = known ? (actor.siteAdministrator ? 'ok' : 'role') : 'absent'
        assert.equal(permit.ok ? 'ok' : permit.reason, expected, action)
      }
    }
  })

  it('on one’s own account, and on nobody else’s: a site administrator’s neither', () => {
    for (const action of ACTIONS) {
      for (const actor of actors()) {
        for (const accountNo of [1, 2]) {
          const expected = ON_SELF.includes(action) && actor.active && accountNo === actor.accountNo
          assert.equal(can(actor, action, { kind: 'self', accountNo }).ok, expected, `${action} on ${accountNo}`)
        }
      }
    }
  })

  it('dangerous acts want a recent proof, and only they', () => {
    const found = ACTIONS.filter((action) => 'stepUp' in RULES[action])
    assert.deepEqual(found.toSorted(), STEP_UP.toSorted())
  })
})

describe('laws', () => {
  const anAction = fc.constantFrom(...ACTIONS)
  const anActor = fc.record({
    accountNo: fc.constant(1),
    active: fc.boolean(),
    siteAdministrator: fc.boolean(),
    secondFactor: fc.boolean(),
  })
  const roles = fc.subarray([...GROUP_ROLES])
  const aMembership = fc.record({
    state: fc.constantFrom(...MEMBER_STATES),
    roles: roles.map((list) => new Set(list)),
  })
  const aGroup = fc.record({
    kind: fc.constant('group' as const),
    membership: fc.option(aMembership, { nil: undefined }),
    brokenGlass: fc.boolean(),
    secondFactor: fc.boolean(),
  })
  const aLabel = fc.constantFrom(...TLP_LEVELS)

  it('no membership and no glass: the group is absent', () => {
    fc.assert(
      fc.property(anActor, anAction, aGroup, (actor, action, group) => {
        const permit = can(actor, action, { ...group, membership: undefined, brokenGlass: false })
        assert.deepEqual(permit, { ok: false, reason: 'absent' })
      }),
    )
  })

  it('more roles never permit less', () => {
    fc.assert(
      fc.property(anActor, anAction, aGroup, roles, aLabel, (actor, action, group, more, label) => {
        const { membership } = group
        if (!membership || !can(actor, action, { ...group, label }).ok) return
        const wider = { ...membership, roles: new Set([...membership.roles, ...more]) }
        assert.ok(can(actor, action, { ...group, membership: wider, label }).ok)
        assert.ok(can({ ...actor, siteAdministrator: true }, action, { ...group, label }).ok)
        assert.ok(can({ ...actor, secondFactor: true }, action, { ...group, label }).ok)
      }),
    )
  })

  it('a suspended actor may nothing', () => {
    fc.assert(
      fc.property(anActor, anAction, aGroup, (actor, action, group) => {
        const suspended = { ...actor, active: false }
        for (const subject of [group, { kind: 'site' }, { kind: 'self', accountNo: 1 }] as const) {
          assert.deepEqual(can(suspended, action, subject), { ok: false, reason: 'absent' })
        }
      }),
    )
  })

  it('who may a label may every lower one', () => {
    fc.assert(
      fc.property(anActor, anAction, aGroup, aLabel, (actor, action, group, label) => {
        if (!can(actor, action, { ...group, label }).ok) return
        for (const lower of TLP_LEVELS.slice(0, TLP_LEVELS.indexOf(label))) {
          assert.ok(can(actor, action, { ...group, label: lower }).ok, lower)
        }
      }),
    )
  })

  it('a label that is none is above every limit', () => {
    const label = 'TLP:PURPLE' as Tlp
    const membership = { state: 'active', roles: new Set(GROUP_ROLES) } as const
    const group = { kind: 'group', membership, brokenGlass: true, secondFactor: false, label } as const
    const actor = { accountNo: 1, active: true, siteAdministrator: true, secondFactor: true }
    assert.equal(can(actor, 'read-content', group).ok, false)
  })
})
