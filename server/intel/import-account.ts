import type { Context } from '../context.ts'
import { ConflictError } from '../errors.ts'
import { addAccount } from '../site/accounts.ts'
import type { Account } from '../storage/access.ts'

/** Name of the account that stands for whoever runs commands on the machine itself. */
const OPERATOR = 'operator'

/**
 * The account of the operator at the machine: the source of what commands import. It is made on first use, has no
 * password and no rights to collections, so nobody signs in with it.
 * @throws {ConflictError} when somebody else has the name
 */
export async function operatorAccount(context: Context): Promise<Account> {
  const found = await find(context)
  if (found) return found
  try {
    await addAccount(context, { actor: 'command line', name: OPERATOR, role: 'administrator' })
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error // another command made it at the same moment
  }
  const made = await find(context)
  if (!made) throw new Error('the account of the operator was made and is not there')
  return made
}

async function find(context: Context): Promise<Account | undefined> {
  const { access } = await context.freshness.read()
  const account = access.accountNamed(OPERATOR)
  if (account && (account.role !== 'administrator' || !account.active)) {
    throw new ConflictError(
      'operator_taken',
      `the account ${OPERATOR} stands for the machine's own commands, but is ${account.active ? 'a member' : 'suspended'}: restore it as an administrator`,
    )
  }
  return account
}
