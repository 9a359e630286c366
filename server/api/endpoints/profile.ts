import { Type } from 'typebox'
import { ASSET_KINDS, MAX_ASSET_NOTE } from '../../../policies/asset.ts'
import { NotFoundError } from '../../errors.ts'
import { addAsset, ASSETS_PAGE, listAssets, removeAsset } from '../../members/profile/assets.ts'
import { profileOf, saveProfile } from '../../members/profile/profile.ts'
import { type MemberProfile, MOST } from '../../members/profile/profile-fields.ts'
import type { Account } from '../../storage/access.ts'
import { AFTER, NEXT, NO_BODY } from '../call.ts'
import { endpoint } from '../endpoint.ts'

const tag = 'self'
const text = (maxLength: number, description: string) => Type.String({ maxLength, description })

/** Texts are counted in characters by the rules themselves, so that the answer names the field and the fix. */
const FIELDS = {
  affiliation: text(4 * MOST.affiliation, 'Where you work; earlier ones are kept with their dates.'),
  airport: text(20, 'IATA code.'),
  languages: text(
    4 * MOST.languages,
    'For example `en:native es:basic`: ISO 639-1, and native, expert, intermediate or basic.',
  ),
  phone: text(4 * MOST.phone, ''),
  sms: text(4 * MOST.sms, '+ and digits.'),
  im: text(4 * MOST.im, ''),
  postal: text(4 * MOST.postal, ''),
  biography: text(4 * MOST.biography, ''),
  ssh_key: text(MOST.sshKey, 'One line of a .pub file.'),
  hide_email: Type.Boolean({ description: 'Whether pages of your groups show no address of yours.' }),
}
const PROFILE = Type.Object(FIELDS)
const CHANGE = Type.Partial(Type.Object(FIELDS), { additionalProperties: false })

const kind = Type.Enum([...ASSET_KINDS])
const ASSET = Type.Object({
  number: Type.Integer({ description: 'Names it in this API.' }),
  kind,
  value: Type.String({ description: 'Normalised.' }),
  note: Type.String(),
})

const ownerOf = ({ accountNo, name }: Account) => ({ accountNo, name, actor: name })

/** What the caller says of themself, and what they answer for. */
export const profileEndpoints = [
  endpoint(
    'GET /self/profile',
    { tag, summary: 'What your groups see of you', permission: 'see-self', result: PROFILE },
    async ({ context, account }) => written(await profileOf(context.database, account.accountNo)),
  ),
  endpoint(
    'PATCH /self/profile',
    { tag, summary: 'Change what your groups see of you', permission: 'set-self', body: CHANGE, result: PROFILE },
    async ({ context, account, body }) => {
      const now = await profileOf(context.database, account.accountNo)
      const { ssh_key: sshKey, hide_email: hideEmail, ...rest } = { ...written(now), ...body }
      const languages = rest.languages.replaceAll(/\s+(?=[a-z]{2}:)/g, ', ')
      await saveProfile(context, { account, profile: { ...rest, languages, sshKey, hideEmail } })
      return written(await profileOf(context.database, account.accountNo))
    },
  ),
  endpoint(
    'GET /self/assets',
    {
      tag,
      summary: 'What you answer for',
      permission: 'see-self',
      query: { after: AFTER },
      result: Type.Object({ assets: Type.Array(ASSET), next: NEXT }),
    },
    async ({ context, account, query }) => {
      const found = await listAssets(context.database, account.accountNo, query.after ?? '')
      const page = found.slice(0, ASSETS_PAGE)
      const last = page.at(-1)
      return {
        assets: page.map(({ assetNo: number, ...asset }) => ({ number, ...asset })),
        next: found.length > page.length && last ? `${last.kind} ${last.value}` : null,
      }
    },
  ),
  endpoint(
    'POST /self/assets',
    {
      tag,
      summary: 'Add something that you answer for',
      permission: 'set-self',
      body: Type.Object(
        {
          kind,
          value: Type.String({ maxLength: 300 }),
          note: Type.Optional(Type.String({ maxLength: MAX_ASSET_NOTE })),
        },
        { additionalProperties: false },
      ),
      status: 201,
      result: Type.Object({ kind, value: Type.String({ description: 'Normalised.' }) }),
    },
    async ({ context, account, body }) =>
      await addAsset(context, ownerOf(account), { kind: body.kind, value: body.value, note: body.note ?? '' }),
  ),
  endpoint(
    'DELETE /self/assets/{number}',
    {
      tag,
      summary: 'Answer for something no more',
      permission: 'set-self',
      path: { number: Type.String({ description: 'The `number` of the asset.' }) },
      body: NO_BODY,
      status: 204,
    },
    async ({ context, account, path }) => {
      if (!/^[1-9]\d{0,8}$/.test(path.number)) throw new NotFoundError('this asset')
      await removeAsset(context, ownerOf(account), Number(path.number))
    },
  ),
]

function written({ sshKey, hideEmail, ...rest }: MemberProfile) {
  return { ...rest, ssh_key: sshKey, hide_email: hideEmail }
}
