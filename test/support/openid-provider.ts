import { generateKeyPair, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { decodeJwt, exportJWK, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import { type ClientMetadata, type Configuration, Provider } from 'oidc-provider'
import { NEW_OIDC, type OidcSettings } from '../../server/auth/oidc/settings.ts'
import { addProvider } from '../../server/auth/providers/provider-changes.ts'
import type { TestSite } from './site.ts'

const generate = promisify(generateKeyPair)

/** What a test may set. */
export interface OpenIdOptions {
  /** Name and title of the provider at the site. */
  readonly name: string
  readonly title?: string
  readonly settings?: Partial<OidcSettings>
  /** Of ID tokens. */
  readonly signature?: 'ES256' | 'RS256' | 'PS256' | 'EdDSA'
  readonly client?: Partial<ClientMetadata>
}

/** The claims of somebody at the provider, beside `sub`. */
export type Person = Readonly<Record<string, unknown>>

/** How a test spoils an ID token that the provider has made. */
export type Spoil = (claims: JWTPayload, sign: Sign) => Promise<string> | string
type Sign = (
  claims: JWTPayload,
  header?: { readonly alg?: string; readonly kid?: string; readonly typ?: string },
) => Promise<string>

/**
 * A certified OpenID provider (oidc-provider) on the loopback that a site signs people in with. Its login page is one
 * field: whoever is in `people` may sign in by their `sub`.
 */
export async function openIdProvider(site: TestSite, options: OpenIdOptions) {
  const { name, title = name, signature = 'ES256' } = options
  const secret = randomBytes(32).toString('hex')
  const people = new Map<string, Person>()
  const state = {
    /** Spoils ID tokens on their way out. */
    spoil: undefined as Spoil | undefined,
    /** Answers instead of the provider. */
    instead: undefined as ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined,
    keys: await newKeys(),
  }
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined
  const server = createServer((request, response) => {
    if (!state.instead?.(request, response)) void handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client: ClientMetadata = {
    client_id: 'vouchsafe',
    client_secret: secret,
    redirect_uris: [`${site.url}/sign-in/oidc/${name}/callback`],
    post_logout_redirect_uris: [`${site.url}/sign-in`],
    backchannel_logout_uri: `${site.url}/sign-in/oidc/${name}/backchannel`,
    backchannel_logout_session_required: true,
    id_token_signed_response_alg: signature,
    ...options.client,
  }
  const sign: Sign = async (claims, { alg = signature, kid, typ } = {}) => {
    const jwk = state.keys.find((each) => each.alg === alg)
    if (!jwk) throw new Error(`no key for ${alg}`)
    const header = { alg, kid: kid ?? String(jwk.kid), ...(typ && { typ }) }
    return await new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(jwk, alg))
  }
  const start = () => {
    const provider = quietly(() => new Provider(issuer, configuration(client, people, state.keys)))
    provider.use(async (context, next) => {
      await next()
      const body = context.body as { id_token?: string } | undefined
      if (context.path === '/token' && state.spoil && body?.id_token) {
        body.id_token = await state.spoil(decodeJwt(body.id_token), sign)
      }
    })
    const pages = provider.callback()
    handle = (request, response) =>
      request.url?.startsWith('/interaction/')
        ? interaction(provider, people, request, response)
        : pages(request, response)
  }
  start()
  await addProvider(site.context, {
    actor: 'test',
    name,
    title,
    kind: 'oidc',
    secret,
    settings: { ...NEW_OIDC, issuer, clientId: 'vouchsafe', timeoutSeconds: 5, ...options.settings },
  })
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    name,
    title,
    issuer,
    people,
    state,
    sign,
    /** New keys; the old ones are gone at once. */
    rotateKeys: async () => {
      state.keys = await newKeys()
      start()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

export type TestProvider = Awaited<ReturnType<typeof openIdProvider>>

async function newKeys(): Promise<readonly JWK[]> {
  const pairs = [
    { alg: 'ES256', ...(await generate('ec', { namedCurve: 'P-256' })) },
    { alg: 'RS256', ...(await generate('rsa', { modulusLength: 2048 })) },
    { alg: 'EdDSA', ...(await generate('ed25519')) },
  ]
  return await Promise.all(
    pairs.map(async ({ alg, privateKey }) => ({
      ...(await exportJWK(privateKey)),
      alg,
      use: 'sig',
      kid: randomBytes(6).toString('hex'),
    })),
  )
}

function configuration(
  client: ClientMetadata,
  people: ReadonlyMap<string, Person>,
  keys: readonly JWK[],
): Configuration {
  return {
    clients: [client],
    jwks: { keys: [...keys] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: {
      openid: ['sub', 'groups'],
      profile: ['name', 'preferred_username', 'zoneinfo'],
      email: ['email', 'email_verified'],
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        logoutSource: (context, form) => {
          context.body = `<!doctype html><title>Sign out</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`
        },
      },
    },
    ttl: { Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    // its guard against requests to the loopback stays behind: everything here is on the loopback
    fetch: (url: string | URL | Request, request: RequestInit = {}) => {
      const { dispatcher: _, ...plain }: RequestInit & { dispatcher?: unknown } = request
      return fetch(url, plain)
    },
    findAccount: (_context, sub) => {
      const person = people.get(sub)
      return person && { accountId: sub, claims: () => ({ sub, ...person }) }
    },
    // nobody is asked for consent: the provider is the city's own
    loadExistingGrant: async ({ oidc: { provider, client: asked, session } }) => {
      const grant = new provider.Grant({ clientId: asked?.clientId ?? '', accountId: session?.accountId ?? '' })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  }
}

/** The login page: a form with one field, or its answer. */
async function interaction(
  provider: Provider,
  people: ReadonlyMap<string, Person>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/html' })
    response.end(`<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1>
      <form method="post"><label>Name <input name="login"></label><button>Go on</button></form>`)
    return
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk as Uint8Array)
  const login = new URLSearchParams(Buffer.concat(chunks).toString()).get('login') ?? ''
  const result = people.has(login)
    ? { login: { accountId: login, ts: Math.floor(Date.now() / 1000) } }
    : { error: 'access_denied', error_description: 'nobody of this name' }
  await provider.interactionFinished(request, response, result)
}

/** oidc-provider warns of what only matters outside tests. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console
  Object.assign(console, { warn: () => undefined, info: () => undefined })
  try {
    return make()
  } finally {
    Object.assign(console, { warn, info })
  }
}
