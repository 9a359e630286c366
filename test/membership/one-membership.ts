import type { GroupPolicy } from '../../policies/group-policy.ts'
import type { MemberState } from '../../policies/member-state.ts'
import {
  type KeyFact,
  type MembershipEvent,
  type MembershipFacts,
  settled,
  transition,
} from '../../policies/membership.ts'
import { countVouches } from '../../policies/vouch-count.ts'
import { DAY } from './facts.ts'

/** One thing that happens in a history. */
export type Happening =
  | { readonly what: Exclude<MembershipEvent, 'review'> | 'vouch' | 'withdraw'; readonly who: number }
  | { readonly what: 'standing'; readonly who: number; readonly state: MemberState; readonly organisation: string }
  | { readonly what: 'given'; readonly count: number }
  | { readonly what: 'key'; readonly key: 'none' | 'revoked' | 'good'; readonly days: number | undefined }
  | { readonly what: 'activity' | 'away' | 'back' | 'concern' | 'concern-settled' }
  | { readonly what: 'time'; readonly micros: number }
  | { readonly what: 'policy'; readonly policy: GroupPolicy }

const VOUCHED_FOR: readonly (MemberState | undefined)[] = [
  'nominated',
  'vetted',
  'approved',
  'active',
  'inactive',
  'soonidle',
  'idle',
]

/** A membership with the people around it, moved by the rules of policies/membership.ts. */
export class OneMembership {
  state: MemberState | undefined
  #policy: GroupPolicy
  #now = 1000 * DAY
  #entered = 0
  #byNomination = false
  #wasApproved = false
  #below: number | undefined
  #given = 0
  #key: 'none' | 'revoked' | 'good' = 'none'
  #keyExpires: number | undefined
  #activity = 1000 * DAY
  #away: number | undefined
  #concerns = 0
  readonly #approvers = new Set<number>()
  readonly #vouches = new Map<number, number | undefined>()
  readonly #people = new Map<number, { readonly state: MemberState; readonly organisation: string }>()

  constructor(policy: GroupPolicy) {
    this.#policy = policy
  }

  /** Lets something happen, and the rules act. */
  live(happening: Happening): void {
    this.#happens(happening)
    if (this.state === undefined) return
    const { vouches } = this.#facts()
    this.#below = this.#byNomination && vouches < this.#policy.minInvouch ? (this.#below ?? this.#now) : undefined
    this.state = settled(this.state, this.#facts()).at(-1)?.state ?? this.state
    if (this.state === 'failed') this.#vouches.clear()
  }

  /** What the world is now, for the model in SQL: nothing of it follows from the state. */
  world(history: number, happening: Happening | undefined): object {
    const key = this.#keyFact()
    return {
      history,
      now: this.#now,
      event: happening?.what ?? 'review',
      who: happening && 'who' in happening ? happening.who : 0,
      policy: this.#policy,
      given: this.#given,
      key: key.state,
      expired: key.state === 'expired' ? key.sinceMicros : 0,
      activity: this.#activity,
      away: this.#away ?? null,
      concerns: this.#concerns,
      people: [0, 1, 2, 3, 4].map((person) => ({ person, ...this.#person(person) })),
    }
  }

  #happens(happening: Happening): void {
    switch (happening.what) {
      case 'vouch':
        if (VOUCHED_FOR.includes(this.state)) this.#vouch(happening.who)
        return
      case 'withdraw':
        this.#vouches.delete(happening.who)
        return
      case 'standing':
        this.#people.set(happening.who, happening)
        return
      case 'given':
        this.#given = happening.count
        return
      case 'key':
        this.#key = happening.key
        this.#keyExpires = happening.days === undefined ? undefined : this.#now + happening.days * DAY
        return
      case 'activity':
        this.#activity = this.#now
        return
      case 'away':
        this.#away ??= this.#now
        return
      case 'back':
        this.#away = undefined
        return
      case 'concern':
        this.#concerns += 1
        return
      case 'concern-settled':
        this.#concerns = 0
        return
      case 'time':
        this.#now += happening.micros
        return
      case 'policy':
        this.#policy = happening.policy
        return
      case 'nominate':
      case 'add':
      case 'approve':
      case 'block':
      case 'reinstate':
      case 'memorialise':
      case 'leave':
      case 'remove':
        this.#act(happening.what, happening.who)
    }
  }

  #act(event: Exclude<MembershipEvent, 'review'>, who: number): void {
    if (event === 'approve' && this.state === 'vetted') this.#approvers.add(who)
    const next = transition(this.state, event, this.#facts())
    if (!next.ok) return
    this.state = next.state
    if (event === 'approve') this.#wasApproved = true
    if (next.state === undefined || (event === 'reinstate' && next.state === 'failed')) this.#vouches.clear()
    if (event !== 'nominate' && event !== 'add') return
    this.#entered = this.#now
    this.#byNomination = event === 'nominate'
    this.#wasApproved = event === 'add'
    this.#below = undefined
    this.#approvers.clear()
    if (event === 'nominate') this.#vouch(who)
  }

  #vouch(who: number): void {
    this.#vouches.set(who, this.#policy.vouchDays === 0 ? undefined : this.#now + this.#policy.vouchDays * DAY)
  }

  #person(number: number) {
    const { state, organisation } = this.#people.get(number) ?? {
      state: 'active' as const,
      organisation: `Town ${number}`,
    }
    return { state, organisation }
  }

  #keyFact(): KeyFact {
    if (this.#key !== 'good') return { state: this.#key }
    const expires = this.#keyExpires
    return expires !== undefined && expires <= this.#now
      ? { state: 'expired', sinceMicros: expires }
      : { state: 'good', expiresMicros: expires }
  }

  #facts(): MembershipFacts {
    const standing = [...this.#vouches].map(([voucherNo, expiresMicros]) => {
      const { state, organisation } = this.#person(voucherNo)
      return { voucherNo, expiresMicros, voucherState: state, organisation }
    })
    return {
      policy: this.#policy,
      nowMicros: this.#now,
      enteredMicros: this.#entered,
      byNomination: this.#byNomination,
      wasApproved: this.#wasApproved,
      ...countVouches(standing, this.#now),
      vouchesGiven: this.#given,
      key: this.#keyFact(),
      activityMicros: this.#activity,
      awaySinceMicros: this.#away,
      approvals: this.#approvers.size,
      concerns: this.#concerns,
      belowSinceMicros: this.#below,
    }
  }
}
