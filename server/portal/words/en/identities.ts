/** English texts: identities at directories and providers that are linked with one's own account. */
export const identities = {
  title: 'Linked accounts',
  lead: 'Your accounts at directories and providers that open this one. Each opens one account here only.',
  list: 'Linked with this account',
  caption: 'Directories and providers, and when each was used',
  provider: 'Provider',
  since: 'Linked',
  lastUse: 'Last used',
  never: 'not yet',
  paused: 'paused',
  actions: 'Actions',
  unlink: 'Unlink',
  unlinked: (provider: string) => `${provider} no longer opens your account. Your other sessions have ended.`,
  lastWayIn: (provider: string) =>
    `${provider} is the only way into your account. Add a password or a passkey first, then unlink it.`,
  none: 'Nothing is linked.',
  whyNone: 'You sign in with a password or a passkey. Link a provider to sign in with what you use at work.',
  noProviders: 'This site has no directory or provider to link: you sign in with a password or a passkey.',
  add: 'Link another',
  addLead:
    'You prove both: who you are here, and who you are there. An identity with the same e-mail address is never linked by itself.',
  link: (provider: string) => `Link ${provider}`,
  goTitle: (provider: string) => `Link ${provider}`,
  goLead: (provider: string) =>
    `You go to ${provider} now and sign in there, even if you are signed in there already. When you come back, that identity opens this account.`,
  goOwn: 'Use your own identity: whoever has it can sign in here as you.',
  go: (provider: string) => `Go on to ${provider}`,
  cancel: 'Cancel',
  directoryLead: (provider: string) =>
    `Give your name and password at ${provider}. The password is only shown to ${provider} and not kept here.`,
  name: (provider: string) => `Name at ${provider}`,
  password: (provider: string) => `Password at ${provider}`,
  wantsName: 'Write the name you sign in with there.',
  wantsPassword: 'Write the password you use there.',
  linked: (provider: string) => `${provider} is linked: from now on it opens your account.`,
  taken: (provider: string) =>
    `This identity at ${provider} is linked already. One identity opens one account only: unlink it there first, or use another one.`,
}
