import type { Request, Response } from 'express'
import type { Actor } from '../../policies/can.ts'
import type { WebSession } from '../auth/sessions/web-session.ts'
import type { Context } from '../context.ts'
import type { Access, Account, Membership, TrustGroup } from '../storage/access.ts'
import type { Words } from './words/words.ts'

/** One request to the portal, with everything that was found out about it. Somebody may have signed in, or nobody. */
export interface OpenVisit {
  readonly context: Context
  readonly request: Request
  readonly response: Response
  readonly session: WebSession
  /** Who may do what, read after the request came in. */
  readonly access: Access
  readonly nowMicros: number
  /** The address that the visitor connects from. */
  readonly network: string
  /** Browser and system, as the visitor's list of sessions shows them. */
  readonly device: string
  readonly words: Words
  /** BCP 47 language of the words. */
  readonly language: string
  readonly account: Account | undefined
  readonly actor: Actor | undefined
  /** Paths of all pages that there are, as their routes say them. */
  readonly pages: ReadonlySet<string>
  /** Named parts of the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The posted form; empty for a GET. */
  readonly form: URLSearchParams
  /** Bytes of the files that came with the form, by field; only a route that takes files gets any. */
  readonly files: Map<string, Uint8Array>
}

/** A request of somebody who has signed in. */
export interface Visit extends OpenVisit {
  readonly account: Account
  readonly actor: Actor
}

/** A request about a trust group that the visitor may enter. */
export interface GroupVisit extends Visit {
  readonly group: TrustGroup
  /** Undefined for a site administrator who has broken the glass. */
  readonly membership: Membership | undefined
}

/** Whether a visit is one of somebody who has signed in. */
export function isSignedIn(visit: OpenVisit): visit is Visit {
  return visit.account !== undefined && visit.actor !== undefined
}
