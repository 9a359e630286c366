import type { Action } from '../../policies/roles.ts'
import type { Answer } from './answer.ts'
import type { GroupVisit, OpenVisit, Visit } from './visit.ts'

interface Address {
  readonly method: 'GET' | 'POST'
  /** Static segments and `:name` parts. A route about a group has the part `:group`. */
  readonly path: string
  /** Whether its form may carry files (multipart/form-data, up to 256 KiB). */
  readonly takesFiles?: true
}

/** Open to everybody. */
export interface OpenRoute extends Address {
  readonly permission: 'anyone'
  /**
   * Whether other servers send its form, which comes without Fetch Metadata and CSRF field. That is safe where the answer
   * depends on nothing but the form, and the form is signed: a browser that another site makes send it adds nothing.
   */
  readonly fromServers?: true
  readonly answer: (visit: OpenVisit) => Promise<Answer> | Answer
}

/** For somebody who has signed in: an action on the site or on one's own account. */
export interface SignedInRoute extends Address {
  readonly permission: Action
  readonly answer: (visit: Visit) => Promise<Answer> | Answer
}

/** About the trust group in the path. An outsider gets the answer of an absent group. */
export interface GroupRoute extends Address {
  readonly permission: Action
  readonly about: 'group'
  readonly answer: (visit: GroupVisit) => Promise<Answer> | Answer
}

/** A page or form of the portal with what it takes to be let in. The matrix test calls each as everybody. */
export type Route = OpenRoute | SignedInRoute | GroupRoute

type Handler<V> = (visit: V) => Promise<Answer> | Answer

/** Routes open to everybody. */
export const open = {
  get: (path: string, answer: Handler<OpenVisit>): Route => ({ method: 'GET', path, permission: 'anyone', answer }),
  post: (path: string, answer: Handler<OpenVisit>): Route => ({ method: 'POST', path, permission: 'anyone', answer }),
}

/** Routes whose forms other servers send. The handler looks at the form alone, never at the session. */
export const fromServers = {
  post: (path: string, answer: Handler<OpenVisit>): Route => ({
    method: 'POST',
    path,
    permission: 'anyone',
    fromServers: true,
    answer,
  }),
}

/** Routes for an action on the site or on one's own account. */
export function signedIn(permission: Action) {
  return {
    get: (path: string, answer: Handler<Visit>): Route => ({ method: 'GET', path, permission, answer }),
    post: (path: string, answer: Handler<Visit>): Route => ({ method: 'POST', path, permission, answer }),
    /** A form that may carry files. */
    upload: (path: string, answer: Handler<Visit>): Route => ({
      method: 'POST',
      path,
      permission,
      takesFiles: true,
      answer,
    }),
  }
}

/** Routes for an action in the trust group that the path names with `:group`. */
export function inGroup(permission: Action) {
  const route =
    (method: 'GET' | 'POST') =>
    (path: string, answer: Handler<GroupVisit>): Route => ({
      method,
      path,
      permission,
      about: 'group',
      answer,
    })
  return { get: route('GET'), post: route('POST') }
}
