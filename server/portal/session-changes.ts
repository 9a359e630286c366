import type { Request } from 'express'

const asRead = new WeakMap<Request, string>()

/** Remembers what a request's session was when it was read. */
export function noteSession(request: Request): void {
  asRead.set(request, textOf(request))
}

/** Whether the session is another, or says something else, than when it was read: a page that only shows writes nothing. */
export function hasSessionChanged(request: Request): boolean {
  return asRead.get(request) !== textOf(request)
}

function textOf({ session, sessionID }: Request): string {
  const { cookie: _, ...data } = session
  return `${sessionID} ${JSON.stringify(data)}`
}
