import assert from 'node:assert/strict'
import type { TestProvider } from '../support/openid-provider.ts'
import { type Got, PortalClient } from '../support/portal-client.ts'
import type { TestSite } from '../support/site.ts'

/** A browser that visits the portal and providers, each with its own cookies, and can be stopped between them. */
export class OutsideVisitor {
  readonly portal: PortalClient
  readonly #site: string
  readonly #jars = new Map<string, Map<string, string>>()

  constructor(site: TestSite) {
    this.portal = new PortalClient(site.url)
    this.#site = site.url
  }

  /** Follows a link of the portal to the provider. @returns the provider's address */
  async leave(path: string): Promise<string> {
    const response = await this.portal.once(path)
    const to = response.headers.get('location')
    const text = await response.text()
    assert.ok(to !== null && to.startsWith('http'), `${path} led nowhere: ${response.status} ${text}`)
    return to
  }

  /** Signs in at the provider. @returns the path of the portal that it sends people back to */
  async atProvider(address: string, login: string): Promise<string> {
    let at = address
    let form: URLSearchParams | undefined
    for (let hops = 0; hops < 15; hops += 1) {
      const response = await this.#ask(at, form)
      form = undefined
      const to = response.headers.get('location')
      const text = await response.text()
      if (to) {
        at = new URL(to, at).href
        if (at.startsWith(`${this.#site}/`)) return at.slice(this.#site.length)
      } else if (text.includes('name="xsrf"')) {
        // somebody else was signed in there: its own script sends this form
        at = /action="([^"]+)"/.exec(text)?.[1] ?? at
        form = new URLSearchParams({ xsrf: /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? '', logout: 'yes' })
      } else {
        assert.ok(text.includes('name="login"'), `the provider: ${response.status} ${text.slice(0, 500)}`)
        form = new URLSearchParams({ login })
      }
    }
    throw new Error('the provider sends people round and round')
  }

  /** Out, signed in there, and to the callback; which is not yet called. */
  async upToCallback(provider: TestProvider, login: string, next = '/'): Promise<string> {
    const start = `/sign-in/oidc/${provider.name}?next=${encodeURIComponent(next)}`
    return await this.atProvider(await this.leave(start), login)
  }

  /** The whole way. */
  async signIn(provider: TestProvider, login: string, next = '/'): Promise<Got> {
    return await this.portal.get(await this.upToCallback(provider, login, next))
  }

  /** Signs out at the provider, as its page asks. @returns the path of the portal that it sends people back to */
  async signOutThere(provider: TestProvider): Promise<string> {
    const back = encodeURIComponent(`${this.#site}/sign-in`)
    const page = await this.#ask(
      `${provider.issuer}/session/end?client_id=vouchsafe&post_logout_redirect_uri=${back}`,
      undefined,
    )
    const text = await page.text()
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
    assert.ok(xsrf, text)
    const form = new URLSearchParams({ xsrf, logout: 'yes' })
    const response = await this.#ask(`${provider.issuer}/session/end/confirm`, form)
    return (response.headers.get('location') ?? '').slice(this.#site.length)
  }

  async #ask(address: string, form: URLSearchParams | undefined): Promise<Response> {
    const { origin } = new URL(address)
    const jar = this.#jars.get(origin) ?? new Map<string, string>()
    this.#jars.set(origin, jar)
    const response = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: form }),
    })
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(';', 1)[0] ?? ''
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
}
