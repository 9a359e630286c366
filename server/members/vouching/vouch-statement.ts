import { createHash } from 'node:crypto'
import { timestampOf } from '../../clock.ts'
import type { Transaction } from '../../storage/database.ts'
import { attestedFrom } from './attestations.ts'
import { seenLine } from './vouch-text.ts'

/** A vouch as it was given, with the names of those whom it is about. */
export interface StatedVouch {
  readonly site: string
  readonly group: string
  readonly voucher: string
  /** Account of a member; `~` and the number of the nomination of a nominee. */
  readonly vouchee: string
  readonly voucheeName: string
  readonly text: string
  readonly madeMicros: number
  readonly expiresMicros: number | undefined
  /** Each statement with its wording. */
  readonly attested: readonly { readonly name: string; readonly version: number; readonly text: string }[]
}

/**
 * The text that a member signs: who vouches for whom, where, since when, in which words, and what they affirm. Everything
 * in it is of this server, so a signature over it is good for no other group, person or vouch. Lines of the vouch begin
 * with `| `, so that none of them passes for one of ours. No line ends with a blank, and the last has no line end.
 */
export function vouchStatement(vouch: StatedVouch): string {
  const affirmed = vouch.attested.map(
    ({ name, version, text }) => `Affirmed: ${name}, wording ${version}, SHA-256 ${sha256(text)}`,
  )
  return [
    'I vouch for this person in this trust group.',
    '',
    `Site: ${vouch.site}`,
    `Group: ${vouch.group}`,
    `Voucher: ${vouch.voucher}`,
    `Vouchee: ${vouch.vouchee}`,
    `Name: ${seenLine(vouch.voucheeName)}`,
    `Given: ${timestampOf(vouch.madeMicros)}`,
    `Expires: ${vouch.expiresMicros === undefined ? 'never' : timestampOf(vouch.expiresMicros)}`,
    ...affirmed,
    ...(vouch.text === '' ? [] : vouch.text.split('\n').map((line) => `| ${line}`.trimEnd())),
  ].join('\n')
}

/** The wordings that were affirmed, whatever became of them since. */
export async function wordingsOf(
  trx: Transaction,
  groupNo: number,
  attested: string,
): Promise<StatedVouch['attested']> {
  const wanted = attestedFrom(attested)
  if (wanted.length === 0) return []
  const rows = await trx
    .selectFrom('attestation')
    .select(['name', 'version', 'text'])
    .where('group_no', '=', groupNo)
    .execute()
  return wanted.map(({ name, version }) => ({
    name,
    version,
    text: rows.find((row) => row.name === name && row.version === version)?.text ?? '',
  }))
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
