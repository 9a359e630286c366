import { Type, type Static } from 'typebox'

const closed = { additionalProperties: false }
const line = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })
const values = Type.Array(line(300), { maxItems: 20 })

/** How an OpenID provider is asked. */
export const OIDC_SETTINGS = Type.Object(
  {
    /**
     * Its issuer identifier, exactly as it writes it (OpenID Connect Discovery 1.0 §4.3): https, or http for a provider
     * on this machine.
     */
    issuer: Type.String({
      maxLength: 500,
      pattern: '^(https://[^\\s?#@]|http://(127\\.0\\.0\\.1|\\[::1\\]|localhost)(?=[:/]|$))[^\\s?#@]*$',
    }),
    clientId: Type.String({ minLength: 1, maxLength: 300, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
    /** Beside `openid`. */
    scope: line(300),
    tokenAuth: Type.Enum(['client_secret_basic', 'client_secret_post', 'none']),
    /** Values of `acr` and `amr` that count as a second factor; none by itself. */
    strongAcr: values,
    strongAmr: values,
    /** Claim with the names of groups; `''` for none. */
    groupsClaim: line(100),
    /** What the first sign-in of somebody unknown does. Never links to an account that is there. */
    newAccounts: Type.Enum(['refuse', 'make']),
    timeoutSeconds: Type.Integer({ minimum: 1, maximum: 60 }),
  },
  closed,
)

/** How an OpenID provider is asked. */
export type OidcSettings = Static<typeof OIDC_SETTINGS>

/** Where an administrator begins. */
export const NEW_OIDC: OidcSettings = {
  issuer: '',
  clientId: '',
  scope: 'openid profile email',
  tokenAuth: 'client_secret_basic',
  strongAcr: [],
  strongAmr: [],
  groupsClaim: '',
  newAccounts: 'refuse',
  timeoutSeconds: 10,
}
