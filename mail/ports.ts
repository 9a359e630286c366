/** Where mail leaves. */
export interface Relay {
  readonly host: string
  readonly port: number
  /** `starttls` and `implicit` verify the certificate; `none` is for a relay on this machine, which the caller has made sure of. */
  readonly tls: 'starttls' | 'implicit' | 'none'
  /** Undefined for a relay that asks for no sign-in. */
  readonly signIn: { readonly user: string; readonly password: string } | undefined
  /** PEM certificates of all authorities that are believed. */
  readonly authorities: readonly string[]
  /** Our own name in EHLO. */
  readonly ownName: string
}

/** Who writes to whom, and what makes the mail the same one when it is sent again. */
export interface Envelope {
  readonly from: string
  readonly to: string
  /** Without angle brackets; the same at every attempt, so that a mailbox can tell a repetition. */
  readonly messageId: string
  readonly date: Date
}

/**
 * What became of an attempt. `later`: nobody has taken the mail, trying again may help. `refused`: the relay will never take
 * it for this recipient. The reason is one short line of printable characters; part of it may be the relay's words.
 */
export type Delivery = { readonly outcome: 'sent' } | { readonly outcome: 'later' | 'refused'; readonly reason: string }
