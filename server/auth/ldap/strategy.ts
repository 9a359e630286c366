import { Strategy } from 'passport'
import type { Context } from '../../context.ts'
import { accountOf } from '../providers/first-sign-in.ts'
import { refreshAttributes } from '../providers/outside-attributes.ts'
import { proposeMemberships } from '../providers/provider-proposals.ts'
import { noteTrouble } from '../providers/provider-trouble.ts'
import type { LdapProvider } from '../providers/providers.ts'
import type { Proof } from '../proof.ts'
import type { PolicyRefusal } from './bind.ts'
import { type LdapAnswer, proveLdap } from './prove.ts'

/** Why nobody was signed in. `no-account` comes only after a right password. */
export type LdapRefusal = 'wrong' | 'unavailable' | 'no-account' | PolicyRefusal

/** What somebody typed into the form of a directory. */
export interface LdapForm {
  readonly name: string
  readonly password: string
}

/** Signs in with name and password at an LDAP directory. New for each request. */
export class LdapStrategy extends Strategy {
  override readonly name = 'ldap'
  readonly #context: Pick<Context, 'database' | 'clock' | 'log' | 'freshness'>
  readonly #provider: LdapProvider
  readonly #form: LdapForm

  constructor(
    context: Pick<Context, 'database' | 'clock' | 'log' | 'freshness'>,
    provider: LdapProvider,
    form: LdapForm,
  ) {
    super()
    this.#context = context
    this.#provider = provider
    this.#form = form
  }

  override authenticate(): void {
    this.#decide().then(
      (decided) => (typeof decided === 'string' ? this.fail(decided) : this.success(decided)),
      (error: unknown) => this.error(error),
    )
  }

  async #decide(): Promise<Proof | LdapRefusal> {
    const answer = await proveLdap(this.#provider, this.#form.name, this.#form.password)
    await this.#note(answer)
    if (!answer.ok) return answer.why
    const { settings, providerNo, name } = this.#provider
    const account = await accountOf(
      this.#context,
      { providerNo, name, newAccounts: settings.newAccounts },
      answer.person,
    )
    if (!account) return 'no-account'
    const { access } = await this.#context.freshness.read()
    if (!access.account(account.accountNo)?.active) return 'wrong'
    await refreshAttributes(this.#context, this.#provider, account.accountNo, answer.person)
    await proposeMemberships(this.#context, this.#provider, account.accountNo, answer.person.groups)
    return { accountNo: account.accountNo, means: ['ldap'] }
  }

  async #note(answer: LdapAnswer): Promise<void> {
    const trouble = answer.ok || answer.why === 'unavailable' ? answer.trouble : undefined
    if (trouble)
      this.#context.log.warn({ provider: this.#provider.name, trouble }, 'a directory did not answer as it should')
    await noteTrouble(this.#context, this.#provider, trouble)
  }
}
