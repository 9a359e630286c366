/** English texts: signing in at a directory. */
export const ldapSignIn = {
  title: (provider: string) => `Sign in with ${provider}`,
  lead: (provider: string) =>
    `Use your name and password of ${provider}. The password is only shown to that directory; nothing of it is kept here.`,
  name: 'Name',
  password: 'Password',
  submit: 'Sign in',
  otherWays: 'Other ways to sign in',
  wantsName: 'Enter your name.',
  wantsPassword: 'Enter your password.',
  wrong: 'This name and password do not let anybody in here. Check both, then try again.',
  unavailable: (provider: string) =>
    `The directory ${provider} does not answer. Your password was not refused: try again in a minute, or sign in another way.`,
  expired: (provider: string) =>
    `${provider} says that your password or account has expired. Set it right there, then come back.`,
  locked: (provider: string) =>
    `${provider} says that your account is locked there. Ask those who look after it to unlock it.`,
  mustChange: (provider: string) => `${provider} wants you to set a new password first. Do that there, then come back.`,
  disabled: (provider: string) => `${provider} says that your account is switched off there.`,
  noAccount: (provider: string) =>
    `${provider} knows you, but you have no account here. Ask your trust group for an invitation. If you have an account already, sign in to it and link ${provider} there.`,
}
