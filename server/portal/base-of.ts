import { isHttps } from './sessions.ts'
import type { OpenVisit } from './visit.ts'

/**
 * Where a link that is shown to be copied leads: the public address, else the one that the page was opened at. The header
 * Host is the visitor's own word, so such a link is only ever shown to the one who sent it, and never mailed.
 */
export function baseOf({ context, request }: Pick<OpenVisit, 'context' | 'request'>): string {
  const { config } = context
  if (config.publicUrl !== undefined) return config.publicUrl.replace(/\/$/, '')
  const host = request.headers.host ?? ''
  const named = /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host) ? host : 'localhost'
  return `${isHttps(config) ? 'https' : 'http'}://${named}`
}
