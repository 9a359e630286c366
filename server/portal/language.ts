import type { Request, Response } from 'express'
import { siteSettings } from '../site/settings.ts'
import type { Access, Account } from '../storage/access.ts'
import type { Config } from '../config/schema.ts'
import { isHttps } from './sessions.ts'
import { acceptedLanguage, wordsOf } from './words/words.ts'

const COOKIE = 'vouchsafe-language'
const KEPT = /(?:^|;\s*)vouchsafe-language=([a-z]{2})(?:;|$)/
const YEAR_MILLIS = 365 * 86_400_000

/**
 * The language of one answer: what the address asks for, else the account's, else what the visitor chose before, else the
 * first of the browser's that we have, else the site's.
 */
export function languageOf(request: Request, query: URLSearchParams, access: Access, account?: Account): string {
  const kept = KEPT.exec(request.headers.cookie ?? '')?.[1]
  const wanted = [query.get('lang'), account?.language, account ? undefined : kept]
  return (
    wanted.find((each) => each && wordsOf(each)) ??
    acceptedLanguage(request.headers['accept-language'], siteSettings(access).language)
  )
}

/** Keeps the choice of a visitor who has not signed in: the forms that follow have no `lang` in their address. */
export function keepLanguage(config: Config, query: URLSearchParams, response: Response): void {
  const chosen = query.get('lang')
  if (!chosen || !wordsOf(chosen)) return
  response.cookie(COOKIE, chosen, { maxAge: YEAR_MILLIS, sameSite: 'lax', httpOnly: true, secure: isHttps(config) })
}
