import { execFileSync, spawnSync } from 'node:child_process'
import { confirmGenerator, startGenerator, unconfirmedGenerator } from '../../server/auth/factors/code-generators.ts'
import { type GeneratorKind, secretText } from '../../server/auth/factors/one-time-code.ts'
import { HOTP, Secret } from 'otpauth'
import type { TestSite } from '../support/site.ts'

/** Why tests against oathtool are skipped, or false. */
export const noOathtool =
  spawnSync('oathtool', ['--version']).status === 0 ? false : 'oathtool is not installed (apt-get install oathtool)'

/** The account as it is now. */
export async function accountOf({ context }: TestSite, name: string) {
  const { access } = await context.freshness.read()
  const account = access.accountNamed(name)
  if (!account) throw new Error(`no account ${name}`)
  return account
}

/** Gives an account a code generator that works; answers with what a phone would show. */
export async function withGenerator(site: TestSite, name: string, kind: GeneratorKind = 'totp') {
  const { context } = site
  const account = await accountOf(site, name)
  const generatorNo = await startGenerator(context, { account, kind, name: 'phone' })
  const generator = await unconfirmedGenerator(context, account.accountNo, generatorNo)
  if (!generator) throw new Error('nothing was started')
  const secret = Buffer.from(generator.secret)
  const code = (counter: number) => codeOf(secret, counter)
  const now = () => Math.floor(context.clock.nowMicros() / 30_000_000)
  const first = code(kind === 'totp' ? now() : 0)
  const confirmed = await confirmGenerator(context, { account, generatorNo, code: first })
  if (!confirmed) throw new Error('the first code was refused')
  return { secret, code, now, generatorNo, recoveryCodes: confirmed.recoveryCodes ?? [] }
}

/** Six digits of a secret. */
export function codeOf(secret: Uint8Array, counter: number): string {
  return HOTP.generate({ secret: new Secret({ buffer: Uint8Array.from(secret).buffer }), counter, digits: 6 })
}

/** What oathtool says. */
export function oathtool(
  kind: GeneratorKind,
  secret: Uint8Array,
  at: { counter: number } | { seconds: number },
): string {
  const how =
    'counter' in at
      ? [`--counter=${at.counter}`]
      : [`--now=${new Date(at.seconds * 1000).toISOString().replace('T', ' ').slice(0, 19)} UTC`]
  const [mode] = kind === 'totp' ? ['--totp'] : ['--hotp']
  return execFileSync('oathtool', [mode ?? '', '--base32', ...how, secretText(secret).replaceAll(' ', '')], {
    encoding: 'utf8',
  }).trim()
}
