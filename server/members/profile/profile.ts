import { BadRequestError } from '../../errors.ts'
import { holdAccess } from '../../site/site.ts'
import type { Account } from '../../storage/access.ts'
import { recordAudit } from '../../storage/audit-log.ts'
import { type Database, run, type Transaction } from '../../storage/database.ts'
import { keepAffiliation } from './affiliations.ts'
import type { MembersContext } from '../memberships.ts'
import { checkProfile, EMPTY_PROFILE, type MemberProfile } from './profile-fields.ts'
import { settleVouchees } from '../settle-everywhere.ts'

/** What an account says of itself to its groups; whoever may see it is the caller's question. */
export async function profileOf({ kysely }: Pick<Database, 'kysely'>, accountNo: number): Promise<MemberProfile> {
  const row = await kysely
    .selectFrom('profile')
    .select(['affiliation', 'airport', 'languages', 'phone', 'sms', 'im', 'postal', 'biography'])
    .select(['ssh_key', 'hide_email'])
    .where('account_no', '=', accountNo)
    .executeTakeFirst()
  if (!row) return EMPTY_PROFILE
  const { ssh_key: sshKey, hide_email: hideEmail, ...rest } = row
  return { ...rest, sshKey, hideEmail }
}

/**
 * Changes what an account says of itself to its groups. Another affiliation ends the one before in its history, and the
 * rules look anew at those whom the account vouches for.
 * @throws {BadRequestError} code `bad_profile`, with the first field that is wrong and its fix
 */
export async function saveProfile(
  context: MembersContext,
  { account, profile: written }: { readonly account: Account; readonly profile: MemberProfile },
): Promise<void> {
  const checked = checkProfile(written)
  if (!checked.ok) {
    const [[field, problem] = ['', '']] = Object.entries(checked.problems)
    throw new BadRequestError('bad_profile', `${field}: ${problem}`)
  }
  const nowMicros = context.clock.nowMicros()
  await context.database.transaction(async (trx) => {
    await holdAccess(trx)
    const changedEmployer = await keepAffiliation(trx, {
      accountNo: account.accountNo,
      organisation: checked.profile.affiliation,
      nowMicros,
    })
    await writeProfile(trx, account.accountNo, checked.profile, nowMicros)
    const { accountNo, name: actor } = account
    if (changedEmployer) await settleVouchees(trx, context, { accountNo, actor, nowMicros })
    const detail = { account: account.name, affiliation_changed: changedEmployer }
    await recordAudit(trx, nowMicros, [{ kind: 'member_profile_changed', actor: account.name, detail }])
  })
}

/** Writes a checked profile, inside the caller's transaction; its affiliation is kept by {@link keepAffiliation}. */
export async function writeProfile(
  trx: Transaction,
  accountNo: number,
  profile: MemberProfile,
  nowMicros: number,
): Promise<void> {
  await run(
    trx,
    `insert into profile (account_no, airport, languages, phone, sms, im, postal, biography, ssh_key, hide_email,
                          changed_micros)
     values ($1::int, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::boolean,
             $11::bigint)
     on conflict (account_no) do update set airport = excluded.airport, languages = excluded.languages,
       phone = excluded.phone, sms = excluded.sms, im = excluded.im, postal = excluded.postal,
       biography = excluded.biography, ssh_key = excluded.ssh_key, hide_email = excluded.hide_email,
       changed_micros = excluded.changed_micros`,
    [
      accountNo,
      profile.airport,
      profile.languages,
      profile.phone,
      profile.sms,
      profile.im,
      profile.postal,
      profile.biography,
      profile.sshKey,
      profile.hideEmail,
      nowMicros,
    ],
  )
}
