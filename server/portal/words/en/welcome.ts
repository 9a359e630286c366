/** English texts: the first way into an account that others made. */
export const welcome = {
  title: 'Welcome',
  lead: (name: string, where: string) => `${name}, an account was made for you at ${where}. Choose a password for it.`,
  name: (account: string) => `You sign in with the name ${account}.`,
  submit: 'Set the password and go in',
  otherAccount: (account: string) =>
    `You have signed in as ${account}. This link is for another account: sign out first, then open it again.`,
  dead: 'If you have set a password already, sign in with it. Otherwise ask whoever looks after your group for a new link.',
}
