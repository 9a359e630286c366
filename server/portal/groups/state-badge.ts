import type { MemberState } from '../../../policies/member-state.ts'
import { badge } from '../components/badge.ts'
import type { Html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

const TONES = {
  nominated: 'plain',
  vetted: 'plain',
  approved: 'plain',
  active: 'good',
  inactive: 'warn',
  soonidle: 'warn',
  idle: 'warn',
  failed: 'bad',
  blocked: 'bad',
  deceased: 'plain',
  suspended: 'bad',
} as const satisfies Record<MemberState | 'suspended', string>

/** The state of a membership, in a word. */
export function stateBadge({ words }: Pick<OpenVisit, 'words'>, state: MemberState | 'suspended'): Html {
  return badge(words.groups.states[state], TONES[state])
}
