import { Type } from 'typebox'
import { timestampOf } from '../clock.ts'
import { NotFoundError } from '../errors.ts'
import { approveNominee } from '../members/vouching/approve.ts'
import { attestedRef } from '../members/vouching/attestations.ts'
import { nominate } from '../members/vouching/nominate.ts'
import { openNominations } from '../members/vouching/nominations.ts'
import { BY_OPERATOR } from '../members/permission.ts'
import { vouch, withdrawVouch } from '../members/vouching/vouch.ts'
import { exportVouches } from '../members/vouching/vouch-export.ts'
import { type ShownVouch, vouchesAbout } from '../members/vouching/vouches.ts'
import { groupOf, membersHint } from './named.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 4000 })
const closed = { additionalProperties: false }
const refs = Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 })

/** Nominations and vouches. The operator is nobody in a group: what they do, they do in a member's name, and the member is told. */
export const vouchOperations = {
  /** Who vouches for an account of a group and whom it vouches for; texts leave with `vouch.export` only, which is announced. */
  'vouch.list': operation(Type.Object({ group: text, account: text }, closed), async (context, args) => {
    const group = await groupOf(context, args.group)
    const { access } = await context.freshness.read()
    const account = access.accountNamed(args.account)
    const isMember = account && access.membership(account.accountNo, group.groupNo)
    if (!isMember) {
      throw new NotFoundError(`a member ${JSON.stringify(args.account)} of ${group.title}`, membersHint(group.name))
    }
    const found = await vouchesAbout(context.database, {
      groupNo: group.groupNo,
      accountNo: account.accountNo,
      viewerNo: 0,
      eyes: 'names',
      nowMicros: context.clock.nowMicros(),
    })
    return { received: found.shownReceived.map(listed), given: found.shownGiven.map(listed) }
  }),
  'vouch.give': operation(
    Type.Object({ group: text, vouchee: text, by: text, text, attested: refs }, closed),
    async (context, { by, ...given }) => {
      await groupOf(context, given.group)
      await vouch(context, { ...BY_OPERATOR, inNameOf: by, ...given })
      return { group: given.group, voucher: by, vouchee: given.vouchee, vouches: true }
    },
  ),
  'vouch.withdraw': operation(
    Type.Object({ group: text, vouchee: text, by: text }, closed),
    async (context, { by, group, vouchee }) => {
      await groupOf(context, group)
      await withdrawVouch(context, { ...BY_OPERATOR, inNameOf: by, group, vouchee })
      return { group, voucher: by, vouchee, vouches: false }
    },
  ),
  'vouch.export': operation(Type.Object({ group: text }, closed), async (context, { group }) => {
    await groupOf(context, group)
    const { csv, vouches } = await exportVouches(context, { ...BY_OPERATOR, group })
    return { group, vouches, csv }
  }),
  'member.nominate': operation(
    Type.Object(
      {
        group: text,
        by: text,
        name: text,
        email: text,
        affiliation: text,
        biography: text,
        text,
        attested: refs,
        none_of_them: Type.Boolean(),
      },
      closed,
    ),
    async (context, { by, none_of_them: isNoneOfThem, ...wanted }) => {
      await groupOf(context, wanted.group)
      const { nominationNo } = await nominate(context, { ...BY_OPERATOR, inNameOf: by, isNoneOfThem, ...wanted })
      return { group: wanted.group, nomination: nominationNo, vouchee: `~${nominationNo}` }
    },
  ),
  'member.nominations': operation(Type.Object({ group: text }, closed), async (context, args) => {
    const group = await groupOf(context, args.group)
    const nowMicros = context.clock.nowMicros()
    const looking = { group, viewerNo: 0, isAdministrator: true, eyes: 'names' as const, nowMicros }
    const open = await openNominations(context.database, looking)
    return {
      nominations: open.map((each) => {
        const vouches = each.requirements.find(({ rule }) => rule === 'vouches-wanted')
        return {
          nomination: each.nominationNo,
          name: each.name,
          affiliation: each.affiliation,
          state: each.state,
          made: timestampOf(each.madeMicros),
          fails: each.failsMicros === undefined ? null : timestampOf(each.failsMicros),
          vouches: vouches?.have ?? 0,
          vouches_needed: vouches?.need ?? 0,
        }
      }),
    }
  }),
  'member.approve': operation(
    Type.Object({ group: text, nomination: Type.Integer({ minimum: 1, maximum: 999_999_999 }), by: text }, closed),
    async (context, { group, nomination, by }) => {
      const wanted = { ...BY_OPERATOR, inNameOf: by, group, nominationNo: nomination }
      await groupOf(context, group)
      const { outcome, mailed } = await approveNominee(context, wanted)
      return { group, nomination, outcome, mailed }
    },
  ),
} as const

function listed(each: ShownVouch) {
  return {
    voucher: each.voucherAccount,
    vouchee: each.voucheeAccount ?? each.vouchee,
    attested: each.attested.map(attestedRef),
    made: timestampOf(each.madeMicros),
    expires: each.expiresMicros === undefined ? null : timestampOf(each.expiresMicros),
    signed: each.isSigned,
  }
}
