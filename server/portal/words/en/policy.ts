import type { PolicyKey } from '../../../../policies/group-policy.ts'

/** English texts: the rules by which a trust group lets people in and keeps them. */
export const policy = {
  title: 'Rules of membership',
  lead: 'Nothing is saved before you have seen what would follow from it.',
  rehearse: 'Show what would follow',
  readTitle: 'Rules of this group',
  readLead: 'Administrators of the group set them. Members are told when a change moves them.',
  sections: {
    entry: 'How people come in',
    stay: 'What members need to stay active',
    vouches: 'What vouches are',
  },
  /** Name and, for days and counts, what 0 means and where it differs from Ops-Trust. */
  fields: {
    nominationsOpen: {
      label: 'Members may nominate',
      hint: 'Administrators may always. Without this tick nobody else can.',
    },
    vouchByAdministratorsOnly: {
      label: 'Only administrators may vouch',
      hint: 'It holds on every way in: pages, API and command line.',
    },
    targetInvouch: {
      label: 'Vouches for a nominee',
      hint: 'So many let a nominee be vetted. 0 and 1 mean that the nomination is enough, since it is the first vouch.',
    },
    distinctOrganisations: {
      label: 'Organisations behind these vouches',
      hint: 'The vouches must come from so many. 0 and 1 mean any. Ops-Trust has no such rule.',
    },
    ringDetection: {
      label: 'Count a ring of vouches as one',
      hint: 'People who vouch only for each other, with nobody outside, have one word between them. Ops-Trust counts each.',
    },
    approvals: {
      label: 'Administrators who must approve',
      hint: '1 or 2. With 2, no single administrator can let somebody in by approval.',
    },
    maxVouchDays: {
      label: 'Days for a nomination',
      hint: 'After so many days a nominee who is not vetted has failed. 0 means never. In Ops-Trust 0 fails everyone the next day.',
    },
    pleaseVouch: {
      label: 'Members must vouch for others',
      hint: 'Without this tick the next number does not count.',
    },
    minOutvouch: {
      label: 'Vouches that a member gives',
      hint: 'So many make and keep a member active. 0 means none.',
    },
    minInvouch: {
      label: 'Vouches that a member keeps',
      hint: 'So many received keep a member active who came by nomination. 0 means none. Ops-Trust has this number and never looks at it.',
    },
    invouchGraceDays: {
      label: 'Days to find vouches again',
      hint: 'A member who falls below is told at once and becomes inactive after so many days. 0 means at once.',
    },
    vouchDays: {
      label: 'Days that a vouch counts',
      hint: 'Then its giver renews it, or it counts no more. 0 means that vouches never expire, as in Ops-Trust.',
    },
    pgpRequired: {
      label: 'Members need an OpenPGP certificate',
      hint: 'One that is theirs, not revoked and not expired. In Ops-Trust an expired key counts as a key.',
    },
    keyGraceDays: {
      label: 'Days that an expired certificate still counts',
      hint: '0 means none: the member is inactive at once. A revoked one never counts.',
    },
    canTimeOut: {
      label: 'Members become idle',
      hint: 'Without this tick the next two numbers do not count.',
    },
    maxInactivityDays: {
      label: 'Days until a member is idle',
      hint: 'Counted from what they last did in this group, not elsewhere; time away does not count. 0 means never.',
    },
    idleGuardDays: {
      label: 'Days of warning before that',
      hint: 'The member is told and shown as soon idle. 0 means no warning.',
    },
    vouchVisibility: {
      label: 'What members see of each other’s vouches',
      hint: 'Administrators see all. In Ops-Trust every member sees and downloads everything.',
    },
  } satisfies Record<PolicyKey, { readonly label: string; readonly hint: string }>,
  visibility: {
    counts: 'how many',
    names: 'how many, and from whom',
    comments: 'how many, from whom, and what they wrote',
  },
  yes: 'yes',
  no: 'no',

  rehearsalTitle: 'What would follow',
  rehearsalLead: 'Nothing is saved yet.',
  changes: 'What you change',
  changesCaption: 'Rules that change',
  rule: 'Rule',
  before: 'Now',
  after: 'Then',
  nothingChanges: 'These are the rules that the group has already. There is nothing to save.',
  nobodyNow: 'Nobody’s state would change now.',
  nobodyLater: 'Nobody else would move within 30 days.',
  nowTitle: 'At once',
  laterTitle: 'Within 30 days, if nobody does anything',
  becomeNow: (count: number, state: string) =>
    count === 1 ? `One member would become ${state} now` : `${count} members would become ${state} now`,
  becomeLater: (count: number, state: string) =>
    count === 1
      ? `one more would become ${state} within 30 days`
      : `${count} more would become ${state} within 30 days`,
  whoCaption: 'Who would move',
  who: 'Member',
  from: 'From',
  to: 'To',
  because: 'Because of',
  more: (count: number) => `and ${count} more`,
  confirm: 'Save these rules',
  confirmQuestion: 'Save these rules?',
  confirmWhat: 'The rules count at once. Whoever moves is told, with the reason.',
  back: 'Change them again',
  saved: 'The rules are saved.',
  savedMoved: (count: number) =>
    count === 1
      ? 'The rules are saved; one membership has moved.'
      : `The rules are saved; ${count} memberships have moved.`,
  changedMeanwhile: 'Somebody else has changed the rules since you began. Look at what would follow from them now.',
}
