import type { GroupRole } from '../../../policies/roles.ts'
import type { OpenVisit } from '../visit.ts'

/** Roles in words: `coordinator, list owner`; `member` where there is no other. */
export function roleNames({ words }: Pick<OpenVisit, 'words'>, roles: ReadonlySet<GroupRole>): string {
  const names = words.shell.roles
  return roles.size === 0 ? names.member : [...roles].map((role) => names[role]).join(', ')
}
