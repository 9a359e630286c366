import { Strategy } from 'passport'
import type { Context } from '../../context.ts'
import type { Access } from '../../storage/access.ts'
import type { Proof } from '../proof.ts'

/** A name and a password that somebody typed, and where. */
interface GivenPassword {
  readonly access: Access
  readonly name: string
  readonly password: string
  readonly network: string
  /** Names the browser, when it has signed in to this account before. */
  readonly knownBrowser: string | undefined
}

/**
 * Signs in with the password that we keep ourselves. An account that is not there, is suspended or has no password is
 * refused like a wrong password, after as much work. New for each request.
 */
export class LocalPassword extends Strategy {
  override readonly name = 'password'
  readonly #context: Pick<Context, 'attempts' | 'passwords'>
  readonly #given: GivenPassword

  constructor(context: Pick<Context, 'attempts' | 'passwords'>, given: GivenPassword) {
    super()
    this.#context = context
    this.#given = given
  }

  override authenticate(): void {
    prove(this.#context, this.#given).then(
      (proof) => (proof ? this.success(proof) : this.fail('wrong')),
      (error: unknown) => this.error(error),
    )
  }
}

/** @throws {TooManyRequestsError} after too many wrong ones */
async function prove(
  { attempts, passwords }: Pick<Context, 'attempts' | 'passwords'>,
  { access, name, password, network, knownBrowser }: GivenPassword,
): Promise<Proof | undefined> {
  const counted = await attempts.begin({ what: 'password', name, network, knownBrowser })
  const account = access.accountNamed(name)
  const passwordHash = account?.active ? account.passwordHash : undefined
  const right = await passwords.verify(passwordHash, password, { network, familiar: counted.familiar })
  if (!right || !account) return undefined
  await attempts.succeeded(counted)
  return { accountNo: account.accountNo, means: ['password'] }
}
