/**
 * The address that a provider sends people back to: each provider has one of its own, so that the answer of one is never
 * taken for another's (RFC 9700 §4.4.2.2). It is registered at the provider as it stands here.
 * @param base address of this server, without a slash at its end
 */
export function redirectUri(base: string, provider: string): string {
  return `${base}/sign-in/oidc/${provider}/callback`
}

/** The address that a provider tells of a sign-out (OpenID Connect Back-Channel Logout 1.0 §2.5), to be registered there. */
export function backChannelUri(base: string, provider: string): string {
  return `${base}/sign-in/oidc/${provider}/backchannel`
}

/** Where a provider sends people back after they signed out there, to be registered there. */
export function signedOutUri(base: string): string {
  return `${base}/sign-in`
}
