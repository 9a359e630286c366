import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a test may make different from a proper answer. */
export interface Twist {
  readonly challenge?: string
  readonly origin?: string
  readonly rpId?: string
  readonly type?: string
  readonly userVerified?: boolean
  readonly counter?: number
  readonly userHandle?: string | null
  readonly badSignature?: boolean
}

const b64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url')
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

/** An authenticator with one passkey (ES256, no attestation), so that answers can be made wrong on purpose. */
export class SoftAuthenticator {
  readonly id = randomBytes(32)
  readonly #key: KeyObject
  readonly #cose: Buffer
  readonly #origin: string
  counter = 0
  userHandle = ''

  constructor(origin: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    this.#key = privateKey
    this.#origin = origin
    // COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053 §7.1.1)
    this.#cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ])
  }

  /** Answers `navigator.credentials.create()` as JSON. */
  create(
    options: {
      readonly challenge: string
      readonly rp: { readonly id: string }
      readonly user: { readonly id: string }
    },
    twist: Twist = {},
  ): string {
    this.userHandle = options.user.id
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.length)
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, this.#cose])
    const authData = Buffer.concat([this.#head(twist.rpId ?? options.rp.id, twist, 0x40), attested])
    const size = Buffer.alloc(2)
    size.writeUInt16BE(authData.length)
    // {"fmt": "none", "attStmt": {}, "authData": bytes} in CBOR
    const attestationObject = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
      size,
      authData,
    ])
    const clientDataJSON = b64(this.#clientData('webauthn.create', options.challenge, twist))
    return this.#answer({ clientDataJSON, attestationObject: b64(attestationObject), transports: ['internal'] })
  }

  /** Answers `navigator.credentials.get()` as JSON. */
  get(options: { readonly challenge: string; readonly rpId: string }, twist: Twist = {}): string {
    const authData = this.#head(twist.rpId ?? options.rpId, twist, 0)
    const clientData = this.#clientData('webauthn.get', options.challenge, twist)
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), this.#key)
    if (twist.badSignature) signature[signature.length - 1]! ^= 1
    return this.#answer({
      clientDataJSON: b64(clientData),
      authenticatorData: b64(authData),
      signature: b64(signature),
      userHandle: twist.userHandle === undefined ? this.userHandle : twist.userHandle,
    })
  }

  #answer(response: object): string {
    return JSON.stringify({
      id: b64(this.id),
      rawId: b64(this.id),
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response,
    })
  }

  #clientData(type: string, challenge: string, twist: Twist): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: twist.type ?? type,
        challenge: twist.challenge ?? challenge,
        origin: twist.origin ?? this.#origin,
        crossOrigin: false,
      }),
    )
  }

  /** RP ID hash, flags, count (WebAuthn §6.1). */
  #head(rpId: string, twist: Twist, flags: number): Buffer {
    const head = Buffer.alloc(37)
    sha256(rpId).copy(head)
    head[32] = 0x01 | (twist.userVerified === false ? 0 : 0x04) | flags
    head.writeUInt32BE(twist.counter ?? this.counter, 33)
    return head
  }
}
