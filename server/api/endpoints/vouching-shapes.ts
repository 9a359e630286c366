import { Type } from 'typebox'
import { MEMBER_STATES } from '../../../policies/member-state.ts'
import { MEMBERSHIP_RULES } from '../../../policies/membership.ts'
import { timestampOf } from '../../clock.ts'
import type { ShownVouch } from '../../members/vouching/vouches.ts'

/** Whom it is for. */
export const vouchee = Type.String({
  description: 'Name of a member’s account; for a nominee `~` and the number of the nomination.',
})
/** Of a nomination. */
export const nomination = Type.Integer({ minimum: 1, maximum: 999_999_999, description: 'Number of the nomination.' })
/** In an address, where everything is text. */
export const nominationInPath = Type.String({ description: 'Number of the nomination.' })
/** Text of a vouch, or about a person. */
export const longText = Type.String({ maxLength: 4000, description: 'Up to 2,000 characters.' })
const closed = { additionalProperties: false }

/** What a vouch affirms, as it is sent. */
export const ATTESTED = Type.Array(
  Type.Object({ name: Type.String(), version: Type.Integer({ minimum: 1 }) }, closed),
  {
    maxItems: 50,
    description: 'What you affirm, in the wordings that count now: GET /groups/{group}/attestations.',
  },
)

/** A vouch as it is answered. */
export const VOUCH = Type.Object({
  voucher: Type.String({ description: 'Name of the account.' }),
  vouchee: Type.String({ description: 'Name of the account, or of the nominee.' }),
  text: Type.Union([Type.String(), Type.Null()], { description: 'Null where the group shows only names.' }),
  attested: Type.Array(Type.Object({ name: Type.String(), version: Type.Integer(), current: Type.Boolean() }, closed)),
  made: Type.String({ description: 'Timestamp in UTC.' }),
  expires: Type.Union([Type.String(), Type.Null()]),
  signed: Type.Boolean(),
})

/** An open nomination as it is answered. */
export const NOMINATION = Type.Object({
  nomination,
  vouchee,
  name: Type.String(),
  affiliation: Type.String(),
  email: Type.String(),
  biography: Type.String(),
  state: Type.Enum([...MEMBER_STATES]),
  made: Type.String({ description: 'Timestamp in UTC.' }),
  fails: Type.Union([Type.String(), Type.Null()], { description: 'When it fails unless it is vetted before.' }),
  requirements: Type.Array(
    Type.Object({
      rule: Type.Enum([...MEMBERSHIP_RULES]),
      met: Type.Boolean(),
      have: Type.Optional(Type.Integer()),
      need: Type.Optional(Type.Integer()),
    }),
  ),
  vouches: Type.Array(VOUCH, { description: 'As far as the group shows them.' }),
})

/** A vouch as the API shows it. */
export function shown(each: ShownVouch) {
  return {
    voucher: each.voucherAccount,
    vouchee: each.voucheeAccount ?? each.vouchee,
    text: each.text ?? null,
    attested: each.attested.map(({ name, version, isCurrent }) => ({ name, version, current: isCurrent })),
    made: timestampOf(each.madeMicros),
    expires: each.expiresMicros === undefined ? null : timestampOf(each.expiresMicros),
    signed: each.isSigned,
  }
}
