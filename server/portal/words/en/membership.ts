import type { MemberState } from '../../../../policies/member-state.ts'
import type { MembershipRule } from '../../../../policies/membership.ts'

/** English texts: why a membership is in its state, and what mends it. */
export const membership = {
  title: 'Your membership',
  titleOf: (name: string) => `The membership of ${name}`,
  lead: (group: string) => `Why it is as it is in ${group}, and what changes it.`,
  stateNow: 'State',
  since: 'Since',
  lets: 'It lets you',
  letsThem: 'It lets them',
  letsNothing: 'nothing in this group',
  capabilities: {
    login: 'open this page, keys and vouching',
    see: 'see members and content',
    send: 'contribute',
    receive: 'get list mail',
  },
  away: 'Away since',
  awayWhy: 'Nothing counts as idle from then on.',

  /** What each state is, to the member. */
  meaning: {
    nominated: 'Members are being asked whether they know and trust this person.',
    vetted: 'Enough members vouch. An administrator of the group decides now.',
    approved: 'The group has said yes. A few things are still missing before everything opens.',
    active: 'A full member.',
    inactive: 'The group stays open, but list mail stops until what is missing is there again.',
    soonidle: 'Not seen for a while. Anything that you do in the group keeps the membership active.',
    idle: 'Not seen for long. The group stays open, but list mail stops until you do something here.',
    failed: 'The nomination came to nothing. It can be made again.',
    blocked: 'An administrator has shut the group to this member.',
    deceased: 'The group remembers this member.',
  } satisfies Record<MemberState, string>,

  rules: 'What the rules of the group ask',
  rulesCaption: 'Every rule that bears on this membership',
  rule: 'Rule',
  standing: 'Standing',
  met: 'met',
  missing: 'missing',
  mended: 'Who mends it',
  by: 'By',
  noDate: 'no date',
  noRules: 'No rule of the group asks anything in this state.',
  ruleText: {
    'vouches-wanted': 'Enough members vouch for the nominee',
    'organisations-wanted': 'The vouches come from enough organisations',
    'in-time': 'The vouches come in time',
    'still-vouched-for': 'Somebody still vouches',
    approval: 'Administrators approve',
    'concerns-settled': 'No concern is open',
    key: 'A good OpenPGP certificate for the address in this group',
    'vouches-given': 'Vouches given to other members',
    'vouches-kept': 'Vouches received from other members',
    activity: 'Something done in this group from time to time',
  } satisfies Record<MembershipRule, string>,
  haveNeed: (have: number, need: number) => `${have} of ${need}`,
  openConcerns: (count: number) => (count === 1 ? 'one is open' : `${count} are open`),
  fixedBy: {
    member: 'you',
    vouchers: 'members who know you',
    administrators: 'administrators of the group',
  },
  fixedByThem: {
    member: 'the member',
    vouchers: 'members who know them',
    administrators: 'administrators of the group',
  },
  mend: {
    key: 'Look after my key',
    'vouches-given': 'Vouch for members',
    approval: 'Open the nominations',
    'concerns-settled': 'Read the concerns',
  } as Readonly<Partial<Record<MembershipRule, string>>>,

  history: 'What happened',
  historyNone: 'Nothing is on the record yet.',
  actor: (actor: string) => `by ${actor}`,
  because: (reasons: string) => `Rules: ${reasons}`,
  allThere: 'everything that the rules ask is there',
  /** By event; `review` is the rules themselves. */
  events: {
    nominate: 'Nominated',
    add: 'Let in by an administrator',
    added: 'Became a member',
    approve: 'Approved',
    block: 'Blocked',
    reinstate: 'Let in again',
    memorialise: 'Remembered',
    leave: 'Left the group',
    remove: 'Removed from the group',
    import: 'Came with the old portal',
  } as Readonly<Record<string, string>>,
  moved: (to: string) => `Now ${to}`,

  fateTitle: 'Whose fate hangs on their vouches',
  fateNobody: 'They vouch for nobody whose membership could change.',
  fateLead: (count: number, moving: number) =>
    `If their vouches are void: ${count === 1 ? 'one person loses' : `${count} people lose`} one, and ${
      moving === 0
        ? 'nobody changes state at once'
        : moving === 1
          ? 'one changes state at once'
          : `${moving} change state at once`
    }.`,
  fateCaption: 'Those whom they vouched for, and what follows from that in turn',
  fateVouches: 'Vouches now',
  fateLeft: 'Left',
  fateOnly: 'nobody else vouches',
  fateIndirect: 'follows from another who would fall',
  fateBecomes: 'Would be',
  fateStays: 'unchanged',
  fateUnless: 'inactive unless somebody vouches by',
  fateVouchers: (count: number) => (count === 1 ? 'One member vouched for them' : `${count} members vouched for them`),

  missingTitle: 'What is missing',
  missingNothing: 'Nothing is missing. The rules will say so in a moment: reload the page.',
  whyLink: 'Why, and what mends it',
}
