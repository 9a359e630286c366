import type { OpenVisit } from '../visit.ts'

/** The same visit as of now: an account that was made while it went on is in its snapshot. */
export async function freshVisit(visit: OpenVisit): Promise<OpenVisit> {
  const { access } = await visit.context.freshness.read()
  return {
    ...visit,
    access,
    // sign-in gives the request a new session: the visit always shows the present one
    get session() {
      return visit.session
    },
  }
}
