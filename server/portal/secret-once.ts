import type { OpenVisit } from './visit.ts'

/**
 * What the page before had made and this one shows once: a link, in lines. It is forgotten as it is read.
 * @param kind only what was kept under the same name
 */
export function takeSecretOnce({ session }: Pick<OpenVisit, 'session'>, kind: string): readonly string[] | undefined {
  const kept = session.secretOnce
  if (kept?.kind !== kind) return undefined
  delete session.secretOnce
  return kept.lines
}
