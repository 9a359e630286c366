/** The ten states of a membership, by the names that members of Ops-Trust know, in the order of a life. */
export const MEMBER_STATES = [
  'nominated',
  'vetted',
  'approved',
  'active',
  'inactive',
  'soonidle',
  'idle',
  'failed',
  'blocked',
  'deceased',
] as const

/** The state of a membership: of one person in one trust group. */
export type MemberState = (typeof MEMBER_STATES)[number]

/** What a state lets a member do in the group. */
export interface Capabilities {
  /** Enter the pages that a newcomer needs: why am I here, my key, whom I may vouch for. */
  readonly login: boolean
  /** See members and content, read collections. */
  readonly see: boolean
  /** Contribute, write to collections, post. */
  readonly send: boolean
  /** Get list mail. */
  readonly receive: boolean
  /** Members of the group do not see that there is such a membership; its administrators do. */
  readonly hidden: boolean
}

const NONE: Capabilities = { login: false, see: false, send: false, receive: false, hidden: false }
const ALL: Capabilities = { login: true, see: true, send: true, receive: true, hidden: false }

/** What each state lets a member do. */
export const CAPABILITIES: Readonly<Record<MemberState, Capabilities>> = {
  nominated: NONE,
  vetted: NONE,
  approved: { ...NONE, login: true },
  active: ALL,
  inactive: { ...ALL, receive: false },
  soonidle: ALL,
  idle: { ...ALL, receive: false },
  failed: { ...NONE, hidden: true },
  blocked: { ...NONE, hidden: true },
  deceased: NONE,
}

/** Whether a word is the name of a state. */
export function isMemberState(word: string): word is MemberState {
  return MEMBER_STATES.some((state) => state === word)
}

/** The states with a capability, for queries. */
export function statesThat(capability: keyof Capabilities): readonly MemberState[] {
  return MEMBER_STATES.filter((state) => CAPABILITIES[state][capability])
}
