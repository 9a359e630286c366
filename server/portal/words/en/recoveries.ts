/** English texts: ways back by people who vouch for somebody. */
export const recoveries = {
  title: 'People who cannot get in',
  lead: 'They say that they are somebody whom you vouch for. Speak with the person first, face to face or by a number that you have had for long: never by the mail that told you of this.',
  none: 'Nobody asks for your help',
  whyNone: 'When somebody whom you have vouched for since 30 days or more cannot get in, you can help them here.',
  account: 'Account',
  opened: 'Asked',
  what: 'What they get',
  password: 'a new password, after a day in which the owner can stop it',
  passwordAndFactors: 'a new password without their second factors, after a day in which the owner can stop it',
  code: 'The code that they tell you',
  codeHint: 'It is on the screen of whoever asked. Nobody but the person themself may tell it to you.',
  approve: 'I have spoken with them: approve',
  approved: 'You have approved it.',
  done: 'You have approved it. Two people must.',

  askTitle: 'Ask people who vouch for you',
  askLead:
    'If at least three people have vouched for you in your trust groups since 30 days or more, two of them can let you back in. The owner of the account is told, and can stop it for a day.',
  askFactors: 'I have lost my second factor as well',
  askSubmit: 'Ask them',
  askAdministrators: 'Ask an administrator instead',
  askLink: 'Ask people who vouch for you instead',
  askedTitle: 'Now call them',
  asked:
    'If there is such an account and enough people vouch for it, they are told that somebody asks, and nothing more. This page is the same when there is none, and is shown once.',
  yourCode: 'Your code',
  codeWhy: 'Call two people who vouch for you and read it to them. Nobody else needs it.',
  yourLink: 'Your link',
  linkWhy: 'Keep it for yourself: with it you set a new password when they have approved and a day has passed.',
}
