/** English texts: signing in at an OpenID provider. Each is given the provider's title. */
export const oidcSignIn = {
  failed: (provider: string) => `You are not signed in with ${provider}`,
  linkFailed: (provider: string) => `${provider} is not linked`,
  again: (provider: string) => `Try ${provider} again`,
  otherWays: 'Sign in another way',
  back: 'Go back',
  accountMade: (provider: string) =>
    `You had no account here that is linked with ${provider}, so a new one was made. If you have another one: sign in with it and link ${provider} there.`,
  linked: (provider: string) => `${provider} is linked: from now on it opens your account.`,
  signedOut: 'You are signed out here',
  stillThere: (provider: string) =>
    `${provider} may still have you signed in: whoever uses this browser next could come back here without a password. On a computer that others use, sign out there too.`,
  signOutThere: (provider: string) => `Sign out at ${provider}`,
  signInAgain: 'Sign in again',
  mishaps: {
    lost: (provider: string) =>
      `This browser has no sign-in with ${provider} under way: it was begun in another browser or tab, took longer than 15 minutes, or is done already. Begin again.`,
    denied: (provider: string) =>
      `${provider} says that the sign-in was stopped there, by you or by its rules. Try again, or ask those who run ${provider}.`,
    unreachable: (provider: string) =>
      `${provider} does not answer at the moment. Nothing was changed. Try again in a minute, or sign in another way.`,
    clock: (provider: string) =>
      `The clocks of ${provider} and this server do not agree, so its answer counts as old. Try again; if it stays so, tell an administrator of this site.`,
    setup: (provider: string) =>
      `${provider} and this site do not fit together: something about the connection is set up wrong. Tell an administrator of this site; until then, sign in another way.`,
    untrusted: (provider: string) =>
      `What came back is not what ${provider} would send to this sign-in, so it was not taken. Begin again from this page, not from a link that somebody sent you.`,
    nobody: (provider: string) =>
      `${provider} knows you, but no account here may sign in with it. If you have an account, sign in another way and link ${provider} under “Your account”. If you have none, or it was suspended, ask whoever invited you.`,
    taken: (provider: string) =>
      `Your identity at ${provider} is linked already. One identity opens one account only: unlink it there first, or use another one.`,
    'someone-else': (provider: string) =>
      `You signed in at ${provider} with an identity that is not linked with this account. Try again with the right one.`,
    weak: (provider: string) =>
      `${provider} asked you for one factor only, and your account has two. Show with your own second factor that it is you.`,
  },
}
