/** English texts: asking to be invited, and what becomes of it. */
export const requests = {
  askTitle: 'Ask to be invited',
  askLead:
    'Trust groups let people in whom their members know. Say who you are, and who knows you; administrators read it and write to you if they can let you in.',
  askLink: 'I have no account: ask to be invited',
  name: 'Name',
  email: 'E-mail address',
  emailHint: 'An invitation is mailed here. Use your address at work if you have one.',
  affiliation: 'Where you work',
  group: 'Trust group that you would like to join',
  groupHint: 'Its name, if you know it. May be left out.',
  message: 'What you would like to say',
  messageHint: 'For example who in the group knows you, and what you work on. At most 2000 characters.',
  askSubmit: 'Send the request',
  askedTitle: 'Thank you',
  asked:
    'If your request can be considered, somebody who may decide reads it. Whether that is so is not shown here, to nobody. There may be no answer.',

  title: 'Requests to be invited',
  siteLead:
    'They name no trust group, or none that takes requests. Invite people to the site, or hand them over to a group.',
  none: 'Nobody asks at the moment',
  whyNone: 'People without an account can ask on the sign-in page. A request is kept for 90 days.',
  warning:
    'Anybody can write anything here. Make sure that it is the person, by a number or address that you know from elsewhere, before you let them in.',
  made: 'Asked',
  invite: 'Invite by mail',
  nominate: 'Nominate',
  decline: 'Decline',
  done: { invited: 'The invitation is mailed.', declined: 'The request is declined. Nobody is told.' },
  handOver: 'Hand over',
  handOverTo: 'To the group',
  handedOver: 'The administrators of the group are told.',
  door: 'Requests from outside',
  doorOpen: 'People who name this group in their request reach its administrators.',
  doorShut: 'Whoever names this group reaches the administrators of the site instead, and cannot tell.',
  shutDoor: 'Take no requests',
  openDoor: 'Take requests',
}
