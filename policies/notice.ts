import type { AudienceId } from './audience.ts'
import { ENDINGS, LANGUAGES, SENTENCES } from './notice-sentences.ts'

/** What a notice can be about. Its mail says no more than a fixed sentence and where to read the rest. */
export const NOTICE_KINDS = [
  'invitation',
  'welcome',
  'recovery',
  'recovery-opened',
  'recovery-asked',
  'address-check',
  'password-changed',
  'second-factor-changed',
  'email-changed',
  'new-sign-in',
  'account-linked',
  'account-unlinked',
  'account-restored',
  'membership-changed',
  'state-changed',
  'vouches-missing',
  'nominee-vetted',
  'nominee-new',
  'nomination-ended',
  'vouch-changed',
  'vouch-declined',
  'concern-raised',
  'vouches-exported',
  'key-expiring',
  'key-change',
  'key-health',
  'glass-broken',
  'admission-request',
  'recovery-vouching',
  'digest',
  'test',
] as const

/** One of the kinds of notices. */
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/**
 * Warnings about the account itself. They reach a suspended account too: whoever breaks into an account and gets it
 * suspended must not thereby keep its owner from hearing of it. All other notices would only lead to pages that are shut.
 */
export const WARNINGS: ReadonlySet<NoticeKind> = new Set([
  'recovery-opened',
  'password-changed',
  'second-factor-changed',
  'email-changed',
  'new-sign-in',
  'account-linked',
  'account-unlinked',
])

/** What can wait for the digest of a member who chose to be told daily or weekly: nothing of it asks for an act in hours. */
export const DIGESTIBLE: ReadonlySet<NoticeKind> = new Set([
  'nominee-new',
  'nomination-ended',
  'vouch-changed',
  'vouch-declined',
  'vouches-exported',
  'key-health',
])

/** What reaches a member who is away: warnings, a key that is about to replace theirs, and links that somebody waits for. */
export const SENT_WHILE_AWAY: ReadonlySet<NoticeKind> = new Set([
  ...WARNINGS,
  'welcome',
  'recovery',
  'key-change',
  'address-check',
  'test',
])

/** A finished notice: nothing but fixed words and one link. */
export interface NoticeText {
  readonly subject: string
  /** Lines end with a line feed. */
  readonly text: string
  /** BCP 47. */
  readonly language: string
}

/** The audience that is one person behind an address. */
export function noticeAudience(address: string): AudienceId {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where an address becomes an AudienceId
  return `mailto:${address}` as AudienceId
}

/**
 * Whether a path may stand in a notice. A path could say anything, so it is held to what addresses of our pages look like:
 * short segments, at most one parameter; no percent sign, by which any text could pass.
 */
export function isNoticePath(path: string): boolean {
  return (
    path.length <= 400 && /^(?:\/[\w.~@-]{1,128})*\/?(?:\?[a-z-]{1,20}=[\w.~-]{1,128})?(?:#[\w-]{1,40})?$/.test(path)
  )
}

/** The words of a notice around its link. */
export function noticeText(kind: NoticeKind, link: string, language: string): NoticeText {
  const known = LANGUAGES.find((each) => each === language) ?? 'en'
  const { subject, sentence } = SENTENCES[known][kind]
  return { subject, text: `${sentence}\n\n${link}\n\n${ENDINGS[known]}\n`, language: known }
}
