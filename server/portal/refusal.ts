import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Context } from '../context.ts'
import { NotFoundError, RoleError, SecondFactorError, TrustGroupError } from '../errors.ts'
import { bareFrame, frame } from './frame.ts'
import { type Html, html } from './html.ts'
import { sendText } from './send.ts'
import type { OpenVisit } from './visit.ts'
import { acceptedLanguage, type Words, wordsOf } from './words/words.ts'

/** Answers with a page that says what happened, why, and what to do. A fault of ours gets a number that the log has. */
export async function refusalPage(
  context: Context,
  request: Request,
  response: Response,
  visit: OpenVisit | undefined,
  error: unknown,
): Promise<void> {
  const language = visit?.language ?? acceptedLanguage(request.headers['accept-language'])
  const words = wordsOf(language) ?? wordsOf('en')!
  const known = error instanceof TrustGroupError ? error : undefined
  const status = known?.status ?? 500
  const { title, body } = known ? explained(words, known) : fault(context, words, error)
  if (known && status >= 500) context.log.warn({ status, err: error }, 'a page was put off')
  for (const [name, value] of Object.entries(known?.headers ?? {})) response.setHeader(name, value)
  const page = { kind: 'page' as const, status, title, body }
  await sendText(response, status, visit ? frame(visit, page).text : bareFrame(words, language, page).text)
}

function explained(words: Words, error: TrustGroupError): { readonly title: string; readonly body: Html } {
  const { shell } = words
  const shown = (title: string, text: string, link?: Html) => ({
    title,
    body: html`<h1>${title}</h1>
      <p>${text}</p>
      <p>${link ?? html`<a href="/">${shell.toHome}</a>`}</p>`,
  })
  if (error instanceof NotFoundError) return shown(shell.notFoundTitle, shell.notFound)
  if (error instanceof SecondFactorError) {
    const link = html`<a class="button" href="/account/security">${shell.addSecondFactor}</a>`
    return shown(shell.wantsSecondFactorTitle, shell.wantsSecondFactor, link)
  }
  if (error instanceof RoleError) return shown(shell.refusedTitle, shell.forbidden(error.act))
  if (error.status === 503) return shown(shell.refusedTitle, shell.unavailable)
  if (error.status === 413) return shown(shell.refusedTitle, shell.tooLarge)
  if (error.status === 429) return shown(shell.refusedTitle, shell.tooMany)
  return shown(shell.refusedTitle, sentence(error.message))
}

function fault(context: Context, words: Words, error: unknown): { readonly title: string; readonly body: Html } {
  const id = randomBytes(6).toString('hex')
  context.log.error({ error_id: id, err: error }, 'a page failed')
  return {
    title: words.shell.faultTitle,
    body: html`<h1>${words.shell.faultTitle}</h1>
      <p>${words.shell.fault(id)}</p>`,
  }
}

/** A message as a sentence: `the name is taken` becomes `The name is taken.` */
export function sentence(message: string): string {
  const text = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`
  return /[.!?]$/.test(text) ? text : `${text}.`
}
