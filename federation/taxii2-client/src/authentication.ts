import { TaxiiClientError } from './errors.ts'

/**
 * How the client shows who it is in a header. A client certificate is set under `tls` and goes together with any of
 * these (TAXII 2.1 §8.4, RFC 7617, RFC 6750).
 */
export type Authentication =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'bearer'
      /** A function is asked before every request, so that it can renew the token. */
      readonly token: string | (() => string | Promise<string>)
    }
  | { readonly kind: 'api-key'; readonly header: string; readonly value: string }

/** Headers that the protocol needs for itself. */
const RESERVED = new Set(['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host'])

/** Keeps the secrets in private fields: neither `console.log` nor a logger can print them. */
export class Credentials {
  readonly #authentication: Authentication | undefined
  #secrets: readonly string[] = []

  /** @throws {TaxiiClientError} `bad-option` when a part cannot stand in a header */
  constructor(authentication: Authentication | undefined) {
    this.#authentication = authentication
    if (authentication?.kind === 'basic') {
      if (authentication.username.includes(':')) refuse('a user name must not contain a colon (RFC 7617 §2)')
      this.#secrets = [authentication.password, basicToken(authentication.username, authentication.password)]
    } else if (authentication?.kind === 'api-key') {
      const { header, value } = authentication
      if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(header) || RESERVED.has(header.toLowerCase())) {
        refuse('the API-key header has a name that cannot be used')
      }
      this.#secrets = [headerText(value)]
    } else if (typeof authentication?.token === 'string') {
      this.#secrets = [headerText(authentication.token)]
    }
  }

  /** The headers for one request to a trusted origin. */
  async headers(): Promise<Readonly<Record<string, string>>> {
    const authentication = this.#authentication
    if (authentication === undefined) return {}
    if (authentication.kind === 'api-key') return { [authentication.header]: authentication.value }
    if (authentication.kind === 'basic') {
      return { Authorization: `Basic ${basicToken(authentication.username, authentication.password)}` }
    }
    const { token } = authentication
    if (typeof token === 'string') return { Authorization: `Bearer ${token}` }
    const fresh = headerText(await token())
    this.#secrets = [fresh]
    return { Authorization: `Bearer ${fresh}` }
  }

  /** The text with every secret blotted out: a server may echo a header in its error description. */
  redact(text: string): string {
    return this.#secrets.reduce((clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '***')), text)
  }
}

function basicToken(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, 'utf8').toString('base64')
}

function headerText(value: string): string {
  // A line break here would let a stored secret write headers of its own.
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) refuse('a token or key is not plain ASCII text')
  return value
}

function refuse(what: string): never {
  throw new TaxiiClientError('bad-option', `Authentication: ${what}`)
}
