import { Type } from 'typebox'
import { timestampOf } from '../clock.ts'
import { NEW_LDAP } from '../auth/ldap/settings.ts'
import { NEW_OIDC } from '../auth/oidc/settings.ts'
import { ADVICE } from '../auth/providers/provider-advice.ts'
import { addProvider, changeProvider, setProviderActive } from '../auth/providers/provider-changes.ts'
import { checkProvider, troubleIn } from '../auth/providers/provider-check.ts'
import { mapGroup, mappingsOf, unmapGroup } from '../auth/providers/provider-mappings.ts'
import { settingsOf } from '../auth/providers/provider-settings.ts'
import { noteTrouble } from '../auth/providers/provider-trouble.ts'
import { findProvider, listProviders, type Provider } from '../auth/providers/providers.ts'
import type { Context } from '../context.ts'
import { NotFoundError } from '../errors.ts'
import { operation } from './operation.ts'
import { OPERATOR } from './operator.ts'

const text = Type.String({ maxLength: 2000 })
const closed = { additionalProperties: false }
const actor = OPERATOR
/** Checked against the schema of its kind together with what is not named. */
const settings = Type.Record(Type.String(), Type.Unknown())
const mapping = Type.Object({ name: text, outsideGroup: text, group: text }, closed)

/** Sign-in providers: directories and OpenID providers. */
export const providerOperations = {
  'provider.add': operation(
    Type.Object(
      { name: text, kind: Type.Enum(['ldap', 'oidc']), title: text, settings, secret: Type.Optional(text) },
      closed,
    ),
    async (context, { name, kind, title, settings: given, secret }) => {
      const wanted = settingsOf(kind, kind === 'ldap' ? NEW_LDAP : NEW_OIDC, given)
      await addProvider(context, { ...wanted, name, title, secret, active: false, actor })
      return { name, kind, active: false }
    },
  ),
  'provider.change': operation(
    Type.Object(
      { name: text, title: Type.Optional(text), settings: Type.Optional(settings), secret: Type.Optional(text) },
      closed,
    ),
    async (context, { name, title, settings: given = {}, secret }) => {
      const provider = await providerNamed(context, name)
      const wanted = settingsOf(provider.kind, provider.settings, given)
      await changeProvider(context, { ...wanted, name, title: title ?? provider.title, secret, actor })
      return { name, changed: true }
    },
  ),
  'provider.list': operation(Type.Object({}, closed), async ({ database }) => {
    const listed = await listProviders(database)
    return {
      providers: listed.map(({ checkedMicros, trouble, ...each }) => ({
        ...each,
        trouble: trouble ?? null,
        checked: checkedMicros === undefined ? null : timestampOf(checkedMicros),
      })),
    }
  }),
  'provider.show': operation(Type.Object({ name: text }, closed), async (context, args) => {
    const { name, kind, title, active, secret, settings: kept } = await providerNamed(context, args.name)
    const groups = await mappingsOf(context.database, name)
    return {
      name,
      kind,
      title,
      active,
      secret: secret !== undefined,
      settings: kept,
      groups: groups.map(({ outsideGroup, group }) => ({ outside_group: outsideGroup, group })),
    }
  }),
  'provider.set_active': operation(
    Type.Object({ name: text, active: Type.Boolean() }, closed),
    async (context, { name, active }) => {
      await setProviderActive(context, { name, active, actor })
      return { name, active }
    },
  ),
  'provider.test': operation(Type.Object({ name: text }, closed), async (context, { name }) => {
    const provider = await providerNamed(context, name)
    const steps = await checkProvider(context.clock, provider)
    const trouble = troubleIn(steps)
    await noteTrouble(context, provider, trouble)
    return {
      name,
      works: trouble === undefined,
      steps: steps.map(({ step, outcome, trouble: why, found = [] }) => ({
        step,
        outcome,
        ...(why && { trouble: why, ...ADVICE[why] }),
        found,
      })),
    }
  }),
  'provider.map': operation(mapping, async (context, { name, outsideGroup, group }) => {
    const { kind } = await providerNamed(context, name)
    await mapGroup(context, { provider: name, kind, outsideGroup, group, actor })
    return { name, outside_group: outsideGroup, group, mapped: true }
  }),
  'provider.unmap': operation(mapping, async (context, { name, outsideGroup, group }) => {
    const { kind } = await providerNamed(context, name)
    await unmapGroup(context, { provider: name, kind, outsideGroup, group, actor })
    return { name, outside_group: outsideGroup, group, mapped: false }
  }),
} as const

async function providerNamed(context: Context, name: string): Promise<Provider> {
  const provider = await findProvider(context, name)
  if (!provider) throw new NotFoundError(`the sign-in provider ${JSON.stringify(name)}`)
  return provider
}
