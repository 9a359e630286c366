import { mapGroup, unmapGroup } from '../../auth/providers/provider-mappings.ts'
import { checkProvider, troubleIn } from '../../auth/providers/provider-check.ts'
import { setProviderActive } from '../../auth/providers/provider-changes.ts'
import { noteTrouble } from '../../auth/providers/provider-trouble.ts'
import { findProvider, type Provider } from '../../auth/providers/providers.ts'
import { NotFoundError } from '../../errors.ts'
import { type Answer, seeOther } from '../answer.ts'
import { line } from '../form.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { addFromForm, changeFromForm, editProviderPage, newProviderPage, tried } from './providers-form.ts'
import { providersPage } from './providers-list.ts'
import { providerPage } from './providers-page.ts'

const HERE = '/site/providers'
const route = signedIn('manage-providers')

/** Which directories and OpenID providers sign people in. */
export const providerRoutes: readonly Route[] = [
  route.get(HERE, providersPage),
  route.get(`${HERE}/new/ldap`, (visit) => newProviderPage(visit, 'ldap')),
  route.post(`${HERE}/new/ldap`, (visit) => addFromForm(visit, 'ldap')),
  route.get(`${HERE}/new/oidc`, (visit) => newProviderPage(visit, 'oidc')),
  route.post(`${HERE}/new/oidc`, (visit) => addFromForm(visit, 'oidc')),
  route.get(`${HERE}/:provider`, async (visit) => providerPage(visit, await providerOf(visit))),
  route.get(`${HERE}/:provider/edit`, async (visit) => editProviderPage(visit, await providerOf(visit))),
  route.post(`${HERE}/:provider/edit`, async (visit) => changeFromForm(visit, await providerOf(visit))),
  route.post(`${HERE}/:provider/test`, test),
  route.post(`${HERE}/:provider/pause`, (visit) => setActive(visit, false)),
  route.post(`${HERE}/:provider/resume`, (visit) => setActive(visit, true)),
  route.post(`${HERE}/:provider/map`, map),
  route.post(`${HERE}/:provider/unmap`, async (visit) => {
    await unmapGroup(visit.context, mappingOf(visit, await providerOf(visit)))
    return back(visit, visit.words.providers.unmappedToast)
  }),
]

/** Changes nothing but the note of the last answer, so that the result is shown at once. */
async function test(visit: Visit): Promise<Answer> {
  const provider = await providerOf(visit)
  const steps = await checkProvider(visit.context.clock, provider)
  await noteTrouble(visit.context, provider, troubleIn(steps))
  return providerPage(visit, await providerOf(visit), { steps })
}

async function setActive(visit: Visit, active: boolean): Promise<Answer> {
  const { context, params, account, words } = visit
  await setProviderActive(context, { name: params['provider'] ?? '', active, actor: account.name })
  return back(visit, active ? words.providers.resumedToast : words.providers.pausedToast)
}

async function map(visit: Visit): Promise<Answer> {
  const provider = await providerOf(visit)
  const mistakes = await tried(() => mapGroup(visit.context, mappingOf(visit, provider)))
  return mistakes ? providerPage(visit, provider, { mistakes }) : back(visit, visit.words.providers.mappedToast)
}

function mappingOf({ form, account }: Visit, { name, kind }: Provider) {
  return {
    provider: name,
    kind,
    outsideGroup: line(form, 'outsideGroup'),
    group: line(form, 'group'),
    actor: account.name,
  }
}

async function providerOf({ context, params }: Visit): Promise<Provider> {
  const provider = await findProvider(context, params['provider'] ?? '')
  if (!provider) throw new NotFoundError('this sign-in provider')
  return provider
}

function back({ params, session }: Visit, toast: string): Answer {
  session.toast = toast
  return seeOther(`${HERE}/${params['provider'] ?? ''}`)
}
