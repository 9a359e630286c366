import { TrustGroupError } from '../errors.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { ConfigurationError, UsageError } from './usage-error.ts'

/** A failure as the command line reports it. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly exit: ExitCode
}

/** Failures of the machine around us: code, what happened and what to do. */
const KNOWN: Readonly<Record<string, readonly [code: string, message: string]>> = {
  EADDRINUSE: ['port_taken', 'the port is taken by another program: choose another with --port'],
  EADDRNOTAVAIL: ['bad_address', 'this machine does not have the address to listen on: correct listen_host'],
  EACCES: ['no_access', 'the operating system refuses access: check the owner of the data folder and the port'],
  EPERM: ['no_access', 'the operating system refuses access: check the owner of the data folder'],
  EROFS: ['read_only', 'the data folder is on a read-only disk: set VOUCHSAFE_DATA to another folder'],
  ENOTDIR: ['no_folder', 'a part of the path of the data folder is a file: correct VOUCHSAFE_DATA'],
  '28P01': ['database_login', 'PostgreSQL refuses the password: correct it in DATABASE_URL'],
  '28000': ['database_login', 'PostgreSQL refuses this user: correct DATABASE_URL or pg_hba.conf'],
  '3D000': ['no_database', 'PostgreSQL has no database of this name: make it with "createdb", or correct DATABASE_URL'],
  '42501': ['database_rights', 'the PostgreSQL user may not do this: make it the owner of the database'],
}

/** Turns what was thrown into a code, one line for people, and the exit code. */
export async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof UsageError || error instanceof ConfigurationError) {
    return { code: error.code, message: error.message, exit: EXIT.usage }
  }
  if (error instanceof TrustGroupError) return refusal(error)
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const known = 'code' in cause && typeof cause.code === 'string' ? KNOWN[cause.code] : undefined
    if (known) return { code: known[0], message: `${known[1]} (${cause.message})`, exit: EXIT.failed }
  }
  const { databaseFailure } = await import('../storage/database-failure.ts')
  const failure = databaseFailure(error)
  if (failure?.status === 503) {
    const message = 'the database does not answer: start PostgreSQL, or correct DATABASE_URL'
    return { code: failure.code, message: `${message} (${reasonOf(error)})`, exit: EXIT.unavailable }
  }
  if (failure) return refusal(failure)
  return { code: 'internal', message: reasonOf(error), exit: EXIT.failed }
}

function refusal({ status, code, message }: TrustGroupError): Failure {
  return { code, message, exit: status === 503 ? EXIT.unavailable : EXIT.failed }
}

/** The innermost message: the outer ones say only what was being done. */
function reasonOf(error: unknown): string {
  let reason = String(error)
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // an attempt to connect to several addresses has its reason in `code` and no message
    reason = cause.message || ('code' in cause ? String(cause.code) : cause.name)
  }
  return reason
}
