import assert from 'node:assert/strict'

/** A page as a person without a script gets it. */
export interface Got {
  readonly status: number
  readonly url: string
  readonly text: string
  readonly headers: Headers
}

/**
 * A visitor of the portal: keeps cookies, follows redirects, sends forms as a browser does, with the CSRF field of the
 * page that it was on.
 */
export class PortalClient {
  readonly #url: string
  readonly #cookies = new Map<string, string>()
  #page = ''

  constructor(url: string) {
    this.#url = url
  }

  /** The cookies by name. */
  get cookies(): Map<string, string> {
    return this.#cookies
  }

  /** The page that the visitor is on. */
  get page(): string {
    return this.#page
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
    return await this.#go(path, { headers })
  }

  /** Sends a form; a field of several values is a list. */
  async post(
    path: string,
    fields: Readonly<Record<string, string | readonly string[]>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Got> {
    const form = new URLSearchParams()
    const csrf = /name="csrf"\s+value="([^"]+)"/.exec(this.#page)?.[1]
    if (csrf && !('csrf' in fields)) form.set('csrf', csrf)
    for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) form.append(name, each)
    return await this.#go(path, {
      method: 'POST',
      body: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
    })
  }

  /** One request, no redirect followed. */
  async once(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, this.#url), {
      ...init,
      redirect: 'manual',
      headers: {
        'accept-language': 'en',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        ...(cookie && { cookie }),
        ...(init.headers as Record<string, string>),
      },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      const value = pair.slice(pair.indexOf('=') + 1)
      if (value === '' || attributes.some((each) => /expires=Thu, 01 Jan 1970/i.test(each))) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return response
  }

  /** Signs in with a password; fails unless that leads to a page other than the sign-in's. */
  async signIn(name: string, password: string): Promise<Got> {
    await this.get('/sign-in')
    const got = await this.post('/sign-in', { name, password })
    assert.equal(got.status, 200, `${name} could not sign in: ${got.text}`)
    return got
  }

  async #go(path: string, init: RequestInit): Promise<Got> {
    let response = await this.once(path, init)
    let at = path
    for (let hops = 0; response.status >= 300 && response.status < 400 && response.headers.get('location'); hops += 1) {
      assert.ok(hops < 10, 'too many redirects')
      await response.arrayBuffer()
      const to = new URL(response.headers.get('location') ?? '/', new URL(at, this.#url))
      if (to.origin !== new URL(this.#url).origin) break
      at = to.pathname + to.search
      response = await this.once(at)
    }
    const text = await response.text()
    this.#page = text
    return { status: response.status, url: at, text, headers: response.headers }
  }
}
