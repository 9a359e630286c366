import { readFileSync } from 'node:fs'
import express, { type Request, type Response, type Router } from 'express'
import helmet from 'helmet'
import { isTls } from '../config/rules.ts'
import type { Context } from '../context.ts'
import { NotFoundError, TrustGroupError } from '../errors.ts'
import { acceptSetupLink, isSetupLink } from '../site/setup-link.ts'
import { databaseFailure } from '../storage/database-failure.ts'
import { mustBeSameOrigin } from '../portal/csrf.ts'
import { readForm } from '../portal/form.ts'
import { donePage, formPage, type Mistake, missingPage, refusedPage } from './page.ts'

const STYLE = readFileSync(new URL('./page.css', import.meta.url))
/** 32 bytes in base64url. */
const TOKEN = /^[\w-]{43}$/

/** The page behind the one-time set-up link: it makes the first administrator, and needs no script. */
export function setupRouter(context: Context): Router {
  const router = express.Router({ caseSensitive: true })
  router.use('/setup', headers(context))
  router.get('/setup/page.css', (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/css; charset=utf-8', 'Content-Length': STYLE.length }).end(STYLE)
  })
  router.get('/setup/:token', (request, response) => answer(context, request, response, show))
  router.post('/setup/:token', (request, response) => answer(context, request, response, accept))
  router.use('/setup', (_request, response) => send(response, 404, missingPage()))
  return router
}

function headers(context: Context) {
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // the address of the page is a secret
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isTls(context.config),
    xFrameOptions: { action: 'deny' },
  })
  return (request: Request, response: Response, next: () => void) => {
    response.setHeader('Cache-Control', 'no-store')
    secure(request, response, next)
  }
}

type Page = { readonly status: number; readonly body: string }

async function answer(
  context: Context,
  request: Request,
  response: Response,
  use: (context: Context, token: string, request: Request) => Promise<Page>,
): Promise<void> {
  try {
    const { token } = request.params
    if (typeof token !== 'string' || !TOKEN.test(token)) throw new NotFoundError('this link')
    const { status, body } = await use(context, token, request)
    send(response, status, body)
  } catch (error) {
    const known = error instanceof TrustGroupError ? error : databaseFailure(error)
    if (known instanceof NotFoundError) return send(response, 404, missingPage())
    if (!known) context.log.error({ err: error }, 'the set-up page failed')
    for (const [name, value] of Object.entries(known?.headers ?? {})) response.setHeader(name, value)
    send(response, known?.status ?? 500, refusedPage(known?.message ?? 'This is a fault of the server: see its log.'))
  }
}

async function show(context: Context, token: string): Promise<Page> {
  if (!(await isSetupLink(context, token))) throw new NotFoundError('this link')
  return { status: 200, body: formPage({ name: '', mistake: undefined }) }
}

async function accept(context: Context, token: string, request: Request): Promise<Page> {
  mustBeSameOrigin(request)
  // before the password is hashed: only the holder of a good link may cost us 30 ms
  if (!(await isSetupLink(context, token))) throw new NotFoundError('this link')
  const form = await readForm(request)
  const name = (form.get('name') ?? '').trim()
  const password = form.get('password') ?? ''
  if (password !== form.get('again')) {
    return wrong(name, { field: 'again', message: 'The two passwords are not the same.' })
  }
  try {
    await acceptSetupLink(context, token, { name, password })
  } catch (error) {
    const mistake = mistakeOf(error)
    if (mistake) return wrong(name, mistake)
    throw error
  }
  return { status: 200, body: donePage(name) }
}

function wrong(name: string, mistake: Mistake): Page {
  return { status: 422, body: formPage({ name, mistake }) }
}

const FIELD_OF_CODE: Readonly<Record<string, Mistake['field']>> = {
  bad_name: 'name',
  name_taken: 'name',
  bad_password: 'password',
}

function mistakeOf(error: unknown): Mistake | undefined {
  const field = error instanceof TrustGroupError ? FIELD_OF_CODE[error.code] : undefined
  if (!field || !(error instanceof TrustGroupError)) return undefined
  return { field, message: `${error.message.slice(0, 1).toUpperCase()}${error.message.slice(1)}.` }
}

function send(response: Response, status: number, body: string): void {
  const bytes = Buffer.from(body)
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': bytes.length }).end(bytes)
}
