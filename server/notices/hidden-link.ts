/** From this length on a part of a path may be a one-time token: 128 random bits take 22 characters. */
const SECRET = /[\w-]{20,}/g

/** What stands in its place. */
export const HIDDEN = '…'

/**
 * A path without what only its reader may know. With the token of somebody's invitation or recovery a site administrator could
 * take over an account, and nothing would tell it from its owner; so no page and no finished notice shows one.
 */
export function hiddenLink(path: string): string {
  return path.replaceAll(SECRET, HIDDEN)
}
