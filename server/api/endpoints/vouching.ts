import { Type } from 'typebox'
import { timestampOf } from '../../clock.ts'
import { approveNominee, withdrawNomination } from '../../members/vouching/approve.ts'
import { attestationsOf, attestedRef } from '../../members/vouching/attestations.ts'
import { eyesOf } from '../../members/list-members.ts'
import { nominate } from '../../members/vouching/nominate.ts'
import { openNominations } from '../../members/vouching/nominations.ts'
import { renewVouch, vouch, withdrawVouch } from '../../members/vouching/vouch.ts'
import { vouchesAbout, vouchEyes } from '../../members/vouching/vouches.ts'
import { by, NO_BODY } from '../call.ts'
import { endpoint } from '../endpoint.ts'
import {
  ATTESTED,
  longText,
  NOMINATION,
  nomination,
  nominationInPath,
  shown,
  VOUCH,
  vouchee,
} from './vouching-shapes.ts'

const tag = 'vouching'
const group = Type.String({ description: 'Name of the group, as in its address.' })
const closed = { additionalProperties: false }
/** Nominating and vouching. The nominator and the voucher are always the caller; concerns are told in the portal only. */
export const vouchingEndpoints = [
  endpoint(
    'GET /groups/{group}/attestations',
    {
      tag,
      summary: 'What a voucher affirms, in the wordings that count now',
      permission: 'vouch',
      path: { group },
      result: Type.Object({
        attestations: Type.Array(
          Type.Object({ name: Type.String(), version: Type.Integer(), text: Type.String(), required: Type.Boolean() }),
        ),
      }),
    },
    async (call) => ({ attestations: [...(await attestationsOf(call.context.database, call.group.groupNo))] }),
  ),
  endpoint(
    'GET /groups/{group}/nominations',
    {
      tag,
      summary: 'Who is nominated, and what is missing',
      permission: 'see-nominations',
      path: { group },
      result: Type.Object({ nominations: Type.Array(NOMINATION) }),
    },
    async (call) => {
      const looking = {
        group: call.group,
        viewerNo: call.account.accountNo,
        isAdministrator: eyesOf(call.membership) === 'administrator',
        eyes: vouchEyes(call.membership, call.group.policy),
        nowMicros: call.nowMicros,
      }
      const open = await openNominations(call.context.database, looking)
      return {
        nominations: open.map((each) => ({
          nomination: each.nominationNo,
          vouchee: each.handle,
          name: each.name,
          affiliation: each.affiliation,
          email: each.email,
          biography: each.biography,
          state: each.state,
          made: timestampOf(each.madeMicros),
          fails: each.failsMicros === undefined ? null : timestampOf(each.failsMicros),
          requirements: each.requirements.map(({ rule, met, have, need }) => ({
            rule,
            met,
            ...(have !== undefined && { have }),
            ...(need !== undefined && { need }),
          })),
          vouches: each.vouches.map(shown),
        })),
      }
    },
  ),
  endpoint(
    'POST /groups/{group}/nominations',
    {
      tag,
      summary: 'Nominate somebody: it is your vouch for them, the first one',
      details:
        'The nominee learns nothing of it. Somebody with a similar name is answered with 409 `similar_person`: look at the people in the message, and send `none_of_them` when it is none of them.',
      permission: 'nominate',
      path: { group },
      body: Type.Object(
        {
          name: Type.String({ maxLength: 400 }),
          email: Type.String({ maxLength: 400 }),
          affiliation: Type.Optional(Type.String({ maxLength: 400 })),
          biography: Type.Optional(longText),
          text: longText,
          attested: ATTESTED,
          none_of_them: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
      status: 201,
      result: Type.Object({ nomination, vouchee }),
    },
    async (call) => {
      const { name, email, affiliation = '', biography = '', text, attested, none_of_them = false } = call.body
      const { nominationNo } = await nominate(call.context, {
        ...by(call),
        group: call.group.name,
        name,
        email,
        affiliation,
        biography,
        text,
        attested: attested.map(attestedRef),
        isNoneOfThem: none_of_them,
      })
      return { nomination: nominationNo, vouchee: `~${nominationNo}` }
    },
  ),
  endpoint(
    'POST /groups/{group}/nominations/{nomination}/approve',
    {
      tag,
      summary: 'Approve a nominee who is vetted',
      permission: 'manage-members',
      path: { group, nomination: nominationInPath },
      body: NO_BODY,
      result: Type.Object({
        outcome: Type.Enum(['approved', 'recorded'], {
          description: 'recorded: another administrator has to approve too.',
        }),
      }),
    },
    async (call) => {
      const nominationNo = numberIn(call.path.nomination)
      const { outcome } = await approveNominee(call.context, { ...by(call), group: call.group.name, nominationNo })
      return { outcome }
    },
  ),
  endpoint(
    'POST /groups/{group}/nominations/{nomination}/withdraw',
    {
      tag,
      summary: 'End a nomination without an outcome for the person',
      permission: 'manage-members',
      path: { group, nomination: nominationInPath },
      body: NO_BODY,
      status: 204,
    },
    async (call) => {
      const nominationNo = numberIn(call.path.nomination)
      await withdrawNomination(call.context, { ...by(call), group: call.group.name, nominationNo })
    },
  ),
  endpoint(
    'GET /groups/{group}/vouches',
    {
      tag,
      summary: 'Your own vouches: those that you gave, and those for you',
      permission: 'vouch',
      path: { group },
      result: Type.Object({ given: Type.Array(VOUCH), received: Type.Array(VOUCH) }),
    },
    async (call) => {
      const found = await vouchesAbout(call.context.database, {
        groupNo: call.group.groupNo,
        accountNo: call.account.accountNo,
        viewerNo: call.account.accountNo,
        eyes: 'comments',
        nowMicros: call.nowMicros,
      })
      return { given: found.shownGiven.map(shown), received: found.shownReceived.map(shown) }
    },
  ),
  endpoint(
    'POST /groups/{group}/vouches',
    {
      tag,
      summary: 'Vouch for somebody, or say it in other words',
      permission: 'vouch',
      path: { group },
      body: Type.Object({ vouchee, text: longText, attested: ATTESTED }, closed),
      status: 204,
    },
    async (call) => {
      const { attested, ...given } = call.body
      await vouch(call.context, {
        ...by(call),
        group: call.group.name,
        ...given,
        attested: attested.map(attestedRef),
      })
    },
  ),
  ...(
    [
      ['renew', 'Say that a vouch of yours is still true', renewVouch],
      ['withdraw', 'Take a vouch of yours back', withdrawVouch],
    ] as const
  ).map(([verb, summary, act]) =>
    endpoint(
      `POST /groups/{group}/vouches/{vouchee}/${verb}`,
      { tag, summary, permission: 'vouch', path: { group, vouchee }, body: NO_BODY, status: 204 },
      async (call) => {
        await act(call.context, { ...by(call), group: call.group.name, vouchee: call.path.vouchee })
      },
    ),
  ),
]

/** The number of a nomination; 0, which none has, for whatever is none. */
function numberIn(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0
}
