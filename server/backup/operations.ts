import { Type } from 'typebox'
import { operation } from '../admin/operation.ts'
import { OPERATOR } from '../admin/operator.ts'
import { confirmRestore } from './restore.ts'
import { verify } from './verify.ts'
import { noteBackup, writeBackup } from './write-backup.ts'

const closed = { additionalProperties: false }
const rows = Type.Record(Type.String(), Type.Integer())
const report = { made: Type.String(), rows, bytes: Type.Integer(), sha256: Type.String() }

/** Backups, verification, and the word after a restore. */
export const backupOperations = {
  /** Sends the encrypted bytes. Without a passphrase the configured one is taken. */
  'backup.make': operation(
    Type.Object({ passphrase: Type.Optional(Type.String()) }, closed),
    (context, args, exchange) =>
      writeBackup(context, {
        passphrase: args.passphrase ?? context.config.backup.passphrase ?? '',
        write: (bytes) => exchange.write(bytes),
        onProgress: (done, total) => exchange.progress({ done, total, unit: 'rows' }),
      }),
  ),
  /** Puts a backup on record, once its bytes are safely stored by who asked for them. */
  'backup.note': operation(Type.Object(report, closed), async (context, args) => {
    await noteBackup(context, OPERATOR, args)
    return { noted: true }
  }),
  'restore.confirm': operation(Type.Object({}, closed), async (context) => ({
    outgoing: true,
    changed: await confirmRestore(context, OPERATOR),
  })),
  'site.verify': operation(Type.Object({}, closed), (context, _args, exchange) =>
    verify(context, (done, total) => exchange.progress({ done, total, unit: 'rows' })),
  ),
} as const
