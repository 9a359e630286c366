import type { DigestPace } from '../../../notices/digest.ts'

const paces: Readonly<Record<DigestPace, string>> = {
  each: 'Each at once',
  daily: 'Together, once a day',
  weekly: 'Together, on Mondays',
}

/** English texts: what one was told of, and how fast. */
export const digests = {
  title: 'Notices to you',
  lead: 'What you were told of in the last 90 days. Mail says no more than that there is something to read.',
  waiting: (count: number) => (count === 1 ? 'One waits for your digest.' : `${count} wait for your digest.`),
  next: 'It goes out at',
  none: 'Nothing yet',
  whyNone: 'When somebody vouches for you, is nominated, or your membership changes, it stands here.',
  list: 'Notices to you, newest first',
  about: 'About',
  when: 'When',
  state: 'State',
  waits: 'waits for the digest',
  told: 'told',
  other: 'Something of a later release',
  pace: 'How you are told',
  paceLabel: 'What can wait is mailed',
  paceHint:
    'Vouches, nominations and exports can wait. What you must act on, and warnings about your account, are always mailed at once. While you are away only those warnings are; the rest waits until you are back.',
  paces,
  save: 'Save',
  saved: 'From now on you are told this way.',
  kinds: {
    'state-changed': 'Your membership has another state',
    'vouches-missing': 'Too few members vouch for you',
    'nominee-vetted': 'A nominee waits for your decision',
    'nominee-new': 'Somebody is nominated',
    'nomination-ended': 'A nomination of yours is decided',
    'vouch-changed': 'A vouch for you was changed',
    'vouch-declined': 'Somebody declined to vouch',
    'concern-raised': 'A concern was raised',
    'vouches-exported': 'The vouches of a group were taken away',
    'key-expiring': 'Your OpenPGP key needs care',
    'key-change': 'Another OpenPGP key waits',
    'key-health': 'The keys of your group need care',
    'admission-request': 'Somebody asks to be invited',
    'recovery-vouching': 'Somebody asks you to help them back in',
    welcome: 'Your account was made',
    'address-check': 'An address was to be checked',
  } as Readonly<Record<string, string | undefined>>,
}
