import { Type } from 'typebox'
import { timestampOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { problemsOf } from '../keys/certificate-row.ts'
import { groupKeyring, keyHealth } from '../keys/group-keys.ts'
import { listKeys } from '../keys/list-keys.ts'
import { PINNED_PAGE, pinnedKeys } from '../keys/pinned-keys.ts'
import { accountOf, groupOf } from './named.ts'
import { operation } from './operation.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }

/** OpenPGP keys of members. */
export const keyOperations = {
  /** A page of keys; `after` is the name of the last account of the page before. */
  'key.list': operation(Type.Object({ group: text, after: text }, closed), async (context, { group, after }) => {
    const nowMicros = context.clock.nowMicros()
    const found = await pinnedKeys(context.database, await groupNumber(context, group), after)
    const keys = found.slice(0, PINNED_PAGE).map((row) => ({
      account: row.name,
      fingerprint: row.fingerprint,
      algorithm: row.algorithm,
      expires: row.expires_micros === null ? null : timestampOf(row.expires_micros),
      proven: row.proven_micros !== null,
      problems: [...problemsOf(row, nowMicros)],
    }))
    return { keys, more: found.length > keys.length }
  }),
  'key.show': operation(Type.Object({ account: text }, closed), async (context, { account: name }) => {
    const account = await accountOf(context, name)
    const keys = await listKeys(context.database, account.accountNo, context.clock.nowMicros())
    return {
      account: name,
      keys: keys.map((key) => ({
        fingerprint: key.fingerprint,
        algorithm: key.algorithm,
        addresses: [...key.addresses],
        expires: key.expiresMicros === undefined ? null : timestampOf(key.expiresMicros),
        proven: key.provenMicros !== undefined,
        problems: [...key.problems],
      })),
    }
  }),
  'key.check': operation(Type.Object({ group: text }, closed), async (context, { group }) => {
    const health = await keyHealth(context.database, await groupNumber(context, group), context.clock.nowMicros())
    return {
      members: health.members,
      can_decrypt: health.canDecrypt,
      care: health.care.map(({ account, reason, fingerprint, expiresMicros }) => ({
        account,
        reason,
        fingerprint: fingerprint ?? null,
        expires: expiresMicros === undefined ? null : timestampOf(expiresMicros),
      })),
    }
  }),
  'key.export': operation(Type.Object({ group: text }, closed), async (context, { group }) => ({
    keyring: await groupKeyring(context.database, await groupNumber(context, group), context.clock.nowMicros()),
  })),
} as const

async function groupNumber(context: Context, name: string): Promise<number> {
  return (await groupOf(context, name)).groupNo
}
