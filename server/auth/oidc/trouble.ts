/** A provider cannot be asked (`unreachable`), or is not what was set up (`setup`). The message is for the log. */
export class OidcTrouble extends Error {
  override readonly name = 'OidcTrouble'
  readonly kind: 'unreachable' | 'setup'

  constructor(kind: 'unreachable' | 'setup', message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
