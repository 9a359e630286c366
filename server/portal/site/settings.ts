import { removeLogo } from '../../site/logo.ts'
import { setSettings, type SiteSettings, siteSettings } from '../../site/settings.ts'
import { type Answer, page, type Page, seeOther } from '../answer.ts'
import { checkBox } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import {
  languageField,
  type Mistakes,
  mistakesIn,
  nameFields,
  readLanguage,
  readNameFields,
} from './settings-fields.ts'
import { keepLogo, logoMistakes, looksFields, readColour } from './settings-looks.ts'
import { keepMail, mailFields, testButton } from './settings-mail.ts'

const HERE = '/site/settings'
const route = signedIn('set-site')

/** What administrators change of the site itself; each panel is a form of its own. */
export const settingsRoutes: readonly Route[] = [
  route.get(HERE, (visit) => settingsPage(visit, {})),
  route.post(`${HERE}/name`, (visit) => keep(visit, readNameFields(visit))),
  route.post(`${HERE}/language`, (visit) => {
    const language = readLanguage(visit)
    if (language) return keep(visit, { language })
    return settingsPage(visit, { language: visit.words.settings.faults['not a choice'] })
  }),
  route.upload(`${HERE}/looks`, keepLooks),
  route.post(`${HERE}/logo/remove`, async (visit) => {
    await removeLogo(visit.context, { actor: visit.account.name })
    return saved(visit)
  }),
  route.post(`${HERE}/second-factor`, keepSecondFactor),
  route.post(`${HERE}/mail`, async (visit) => {
    const kept = await keepMail(visit)
    return 'mistakes' in kept ? settingsPage(visit, kept.mistakes) : saved(visit, kept.toast)
  }),
]

async function keep(visit: Visit, wanted: Readonly<Partial<SiteSettings>>): Promise<Answer> {
  const mistakes = mistakesIn(visit.words, wanted)
  if (Object.keys(mistakes).length > 0) return settingsPage(visit, mistakes)
  await setSettings(visit.context, { actor: visit.account.name, settings: wanted })
  return saved(visit)
}

async function keepLooks(visit: Visit): Promise<Answer> {
  const colour = readColour(visit, siteSettings(visit.access).colour)
  const mistakes = { ...mistakesIn(visit.words, { colour }), ...logoMistakes(visit) }
  if (Object.keys(mistakes).length > 0) return settingsPage(visit, mistakes)
  await setSettings(visit.context, { actor: visit.account.name, settings: { colour } })
  await keepLogo(visit)
  return saved(visit)
}

async function keepSecondFactor(visit: Visit): Promise<Answer> {
  const secondFactor = visit.form.has('second-factor')
  if (secondFactor && !visit.account.secondFactor) {
    return settingsPage(visit, { 'second-factor': visit.words.settings.secondFactorOwn })
  }
  return await keep(visit, { secondFactor })
}

function saved({ session, words }: Visit, toast = words.settings.saved): Answer {
  session.toast = toast
  return seeOther(HERE)
}

function settingsPage(visit: Visit, mistakes: Mistakes): Page {
  const { settings } = visit.words
  const now = siteSettings(visit.access)
  const wrong = Object.keys(mistakes).length > 0
  const saving = (name: string) => ({ action: `${HERE}/${name}`, submit: settings.save })
  return page(
    settings.title,
    html`${pageHeader({ title: settings.title, lead: settings.intro })} ${mistakeSummary(visit, mistakes)}
      ${panel(settings.nameTitle, form(visit, { ...saving('name'), fields: nameFields(visit, mistakes) }))}
      ${panel(
        settings.looksTitle,
        html`${form(visit, { ...saving('looks'), fields: looksFields(visit, mistakes), upload: true })}
        ${now.logoTag !== '' && actionButton(visit, { action: `${HERE}/logo/remove`, label: settings.removeLogo })}`,
      )}
      ${panel(
        settings.mailTitle,
        form(visit, { ...saving('mail'), fields: mailFields(visit, mistakes), beside: testButton(visit) }),
      )}
      ${panel(settings.secondFactorTitle, secondFactorForm(visit, now, mistakes))}
      ${panel(settings.languageTitle, form(visit, { ...saving('language'), fields: languageField(visit, mistakes) }))}
      <p class="note">${settings.elsewhere}</p>`,
    { status: wrong ? 422 : 200 },
  )
}

function secondFactorForm(visit: Visit, now: SiteSettings, mistakes: Mistakes) {
  const { settings } = visit.words
  return form(visit, {
    action: `${HERE}/second-factor`,
    submit: settings.save,
    fields: checkBox({
      name: 'second-factor',
      label: settings.secondFactor,
      hint: settings.secondFactorHint,
      mistake: mistakes['second-factor'],
      checked: now.secondFactor,
    }),
  })
}
