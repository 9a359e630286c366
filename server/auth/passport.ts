import type { Request, Response } from 'express'
import { Passport, type Strategy } from 'passport'
import type { Proof } from './proof.ts'

/** How an attempt to sign in ended. */
export type Outcome =
  | { readonly kind: 'proven'; readonly proof: Proof }
  /** `why` is the strategy's own word for the log and the audit; the visitor gets one sentence for all. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The response has been written: the visitor is on the way to an outside provider. */
  | { readonly kind: 'redirected' }

/** Nothing is registered in it and it keeps no session: it only runs the strategy that it is given. */
const PASSPORT = new Passport()

/**
 * Lets a passport strategy look at a request, without passport's own session.
 * @param strategy new for each call: passport writes its actions into the instance, so two requests cannot share one.
 *   It ends with `this.success(proof)`, `this.fail(why)`, `this.redirect(url)` or `this.error(error)`
 * @throws what the strategy gave to `error`
 */
export async function authenticateWith(
  strategy: Strategy,
  { request, response }: { readonly request: Request; readonly response: Response },
): Promise<Outcome> {
  if (Object.hasOwn(strategy, 'success')) throw new Error('a strategy was used for two requests')
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
  const leaves = () => resolve({ kind: 'redirected' })
  const ended = (error: unknown, proof?: Express.User | false | null, why?: unknown): void => {
    if (error) reject(error instanceof Error ? error : new Error('a strategy failed', { cause: error }))
    else if (proof) resolve({ kind: 'proven', proof })
    else resolve({ kind: 'refused', why: typeof why === 'string' ? why : 'refused' })
  }
  const passed = (error?: unknown) => reject(error instanceof Error ? error : new Error('a strategy did not decide'))
  // passport ends the response of a redirect itself and calls nobody; `close` also comes when the visitor has gone
  response.once('close', leaves)
  try {
    PASSPORT.authenticate(strategy, { session: false }, ended)(request, response, passed)
    return await promise
  } finally {
    response.off('close', leaves)
  }
}
