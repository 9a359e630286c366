/** English texts: an invitation, and the way back for somebody who cannot get in. */
export const invitations = {
  title: 'You are invited',
  toGroup: (madeBy: string, title: string) => `${madeBy} invites you into the trust group ${title}.`,
  toSite: (madeBy: string) => `${madeBy} invites you to this site.`,
  make: 'Make your account',
  name: 'Account name',
  nameHint: 'You sign in with it. Letters, digits, dots, @, _ and -; it never changes.',
  displayName: 'Your name',
  displayNameHint: 'As other members see it.',
  password: 'Password',
  passwordHint: '15 to 128 characters; several words are best. A passkey can be added as soon as you are in.',
  again: 'The password once more',
  submit: 'Make the account',
  haveAccount: 'You have an account here already?',
  signInFirst: 'Sign in, and join with it',
  joinAs: (name: string) => `You have signed in as ${name}.`,
  join: 'Join the group',
  notYou: 'To make another account, sign out first and open the link again.',
  nothingToJoin: 'You have an account here already, and this invitation is not about a group.',
  joined: (title: string) => `You are a member of ${title}.`,
  member: 'You are a member of this group already, or your membership is blocked: ask one of its administrators.',
  deadTitle: 'This link opens nothing',
  dead: 'It was used, withdrawn or replaced, or its time is over, or it was not copied whole. All of these look the same.',
  deadInvitation: 'Ask the person who invited you for a new one.',
  deadRecovery: 'Ask for a new way back, or tell an administrator.',
  badName: 'A name has 1 to 64 letters, digits, dots, @, _ or -, and begins and ends with a letter or digit.',
  nameTaken: 'This name is taken: choose another one.',
  badDisplayName: 'A name has at most 100 characters.',
  notTheSame: 'The two are not the same.',
  passwordFaults: {
    length: 'A password has 15 to 128 characters.',
    published: 'This password is in a published list of stolen ones: choose another one.',
    names: 'This password only repeats names that everybody here knows: choose another one.',
  },

  cannotTitle: 'I cannot get in',
  cannotLead:
    'Tell us your account name or your e-mail address. An administrator will get in touch with you in a way that they know from before, and can open a way back.',
  cannotTry: 'Try first: a recovery code instead of your second factor, or another device with a passkey.',
  cannotName: 'Account name or e-mail address',
  cannotEmpty: 'Write your account name or your e-mail address.',
  cannotSubmit: 'Ask for a way back',
  askedTitle: 'Your request was taken',
  asked:
    'If there is such an account, the administrators were told. We say the same when there is none, so that nobody can find out by asking.',
  contact: (contact: string) => `You can also ask: ${contact}`,
  toSignIn: 'Go to sign-in',

  backTitle: 'Set a new password',
  backLead: (name: string) => `For the account ${name}. Every session of it ends.`,
  backFactorsStay: 'Your second factors stay: you need one when you sign in.',
  backFactorsGo:
    'Your passkeys, code generators, recovery codes and remembered devices are removed. Add a new one at once.',
  backSubmit: 'Set the password',
  waitTitle: 'Not yet',
  wait: 'This link works after a time in which the owner of the account can stop it. Keep it, and open it again after:',
  missing: (count: number) =>
    count === 1
      ? 'One person who vouches for you has yet to approve.'
      : `${count} people who vouch for you have yet to approve.`,
  doneTitle: 'Your password is set',
  done: 'Sign in with it. The link works no more.',
  doneLeft:
    'API tokens and linked outside accounts are as they were. If somebody else may have used your account, look at both after you have signed in, and revoke what you do not know.',

  vetoTitle: 'Stop this recovery',
  vetoLead:
    'Somebody wants a way back into your account. If you did not ask for it, stop it: the link that was made counts no more.',
  vetoSubmit: 'Stop the recovery',
  stoppedTitle: 'The recovery is stopped',
  stopped:
    'Nobody can use its link any more. Change your password if you think that somebody knows it, and tell an administrator.',
}
