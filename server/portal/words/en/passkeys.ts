/** English texts: passkeys, where somebody signs in or proves it again. */
export const passkeys = {
  signIn: 'Sign in with a passkey',
  use: 'Use a passkey',
  title: 'Sign in with a passkey',
  lead: 'Your browser asks for the passkey of this site: by fingerprint, face, PIN or security key. No name and no password are needed.',
  withPassword: 'Sign in with name and password',
  unable: 'This browser cannot use passkeys here, or JavaScript is off. Use another way to sign in.',
  notDone: 'The browser did not finish: it was cancelled, took too long, or has no passkey for this site. Try again.',
  refused:
    'That did not work: the passkey is not known here, the page was open too long, or the account may not sign in. Try again.',
  elsewhere: 'Passkeys do not work at a bare IP address. Open this site by its name:',
  nowhere:
    'Passkeys need a site with a name and HTTPS. An administrator sets public_url to the address that members open.',

  addTitle: 'Add a passkey',
  addLead: 'Give it a name by which you will know it again, then follow your browser.',
  demanded: 'This site lets people in only with a second factor, and your account has none yet.',
  endsOthers: 'Your other sessions end when it is added.',
  name: 'Name of the passkey',
  nameHint: 'For example: this laptop, blue security key.',
  nameWrong: (most: number) => `Give it a name of 1 to ${most} characters.`,
  create: 'Create the passkey',
  unableToCreate: 'This browser cannot make passkeys here, or JavaScript is off. Use six-digit codes instead.',
  codesInstead: 'Use six-digit codes instead',
  passkeyInstead: 'Add a passkey instead',
  notMade:
    'The browser did not finish: it was cancelled, took too long, or has a passkey of this account already. Try again.',
  notAdded: 'The passkey was not added: the page was open too long, or the answer was not for this site. Try again.',
  known: (most: number) => `This passkey is known already, or you have ${most}, which is the most.`,
}
