/** English texts: sign-in. */
export const signIn = {
  title: 'Sign in',
  titleOf: (site: string) => `Sign in to ${site}`,
  name: 'Name',
  password: 'Password',
  submit: 'Sign in',
  otherWays: 'Other ways to sign in',
  signInWith: (provider: string) => `Sign in with ${provider}`,
  cannotSignIn: 'I cannot sign in',
  wrong: 'This name and password do not let anybody in here. Check both, then try again.',
  tooMany:
    'There were too many wrong tries, by you or by somebody else. Wait a quarter of an hour, or use another way to sign in.',
  tooManyCodes:
    'Five codes were wrong, so this sign-in has ended. Nothing was changed: start again with your password.',
  sessionEnded:
    'Your session has ended: it was too long ago, or your account or one of its credentials was changed. Sign in to go on.',
  startAgain: 'This sign-in took more than ten minutes, or your account was changed meanwhile. Start again.',
  secondTitle: 'Second step',
  secondLead: (name: string) => `The first step was right, ${name}. One more thing that only you have:`,
  code: 'Code of your generator',
  codeHint: 'Six digits. Each code is good once.',
  remember: 'Skip the second step on this device for 30 days',
  rememberHint: 'Not on a computer that others use. You can take it back in your account.',
  useRecovery: 'Use a recovery code',
  recovery: 'Recovery code',
  recoveryHint: 'One of those that you printed or wrote down: 16 letters and digits. Each is good once.',
  submitRecovery: 'Sign in with the recovery code',
  recoveryLeft: (left: number) =>
    left === 1
      ? 'You signed in with a recovery code. One is left: make new ones in your account.'
      : `You signed in with a recovery code. ${left} are left.`,
  wrongCode:
    'This code is not right, or it was used already. Wait for the next one, and check that the clock of your device is right.',
  wrongRecovery: 'This is none of your recovery codes, or it was used already.',
  cancel: 'Cancel this sign-in',
  enrolTitle: 'Add a second factor',
  enrolLead:
    'This site lets people in only with a second factor, and your account has none yet. Add a code generator here, an app on your phone or a key fob; or a passkey.',
}
