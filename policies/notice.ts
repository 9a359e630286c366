/** What a notice can be about. Its mail says no more than a fixed sentence and where to read the rest. */
export const NOTICE_KINDS = [
  'invitation',
  'recovery',
  'recovery-opened',
  'password-changed',
  'second-factor-changed',
  'new-sign-in',
  'account-linked',
  'account-restored',
  'membership-changed',
  'glass-broken',
  'test',
] as const

/** One of the kinds of notices. */
export type NoticeKind = (typeof NOTICE_KINDS)[number]
