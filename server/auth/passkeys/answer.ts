import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { type Static, type TSchema, Type } from 'typebox'
import Value from 'typebox/value'
import { readJson } from '../../read-json.ts'

const base64url = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' })
/** An id has at most 1,023 bytes (WebAuthn §5.8.3). */
const ID = base64url(1364)

const CREDENTIAL = { id: ID, rawId: ID, type: Type.Literal('public-key') }
const REGISTRATION = Type.Object({
  ...CREDENTIAL,
  response: Type.Object({
    clientDataJSON: base64url(8192),
    attestationObject: base64url(32_768),
    transports: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z-]{1,32}$' }), { maxItems: 10 })),
  }),
})
const ASSERTION = Type.Object({
  ...CREDENTIAL,
  response: Type.Object({
    clientDataJSON: base64url(8192),
    authenticatorData: base64url(8192),
    signature: base64url(8192),
    /** At most 64 bytes. Some browsers say null when there is none. */
    userHandle: Type.Optional(Type.Union([base64url(86), Type.Null()])),
  }),
})

/** What `navigator.credentials.create()` answered with; undefined when the text is something else. */
export function readRegistration(text: string): RegistrationResponseJSON | undefined {
  const read = readAs(REGISTRATION, text)
  if (!read) return undefined
  const { clientDataJSON, attestationObject, transports } = read.response
  const response = { clientDataJSON, attestationObject, ...(transports && { transports }) }
  return { id: read.id, rawId: read.rawId, type: read.type, response, clientExtensionResults: {} }
}

/** What `navigator.credentials.get()` answered with; undefined when the text is something else. */
export function readAssertion(text: string): AuthenticationResponseJSON | undefined {
  const read = readAs(ASSERTION, text)
  if (!read) return undefined
  const { clientDataJSON, authenticatorData, signature, userHandle } = read.response
  const response = { clientDataJSON, authenticatorData, signature, ...(userHandle && { userHandle }) }
  return { id: read.id, rawId: read.rawId, type: read.type, response, clientExtensionResults: {} }
}

function readAs<S extends TSchema>(schema: S, text: string): Static<S> | undefined {
  const read = readJson(Buffer.from(text), 'objects')
  return read.ok && Value.Check(schema, read.read.value) ? read.read.value : undefined
}
