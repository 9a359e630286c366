import { setSettings, siteSettings } from '../../site/settings.ts'
import type { Answer, Page } from '../answer.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { html } from '../html.ts'
import {
  languageField,
  type Mistakes,
  mistakesIn,
  nameFields,
  readLanguage,
  readNameFields,
} from '../site/settings-fields.ts'
import { keepLogo, logoMistakes, looksFields, readColour } from '../site/settings-looks.ts'
import type { Visit } from '../visit.ts'
import { backLink, goOn, pathOf, stepPage } from './steps.ts'

/** How the site is called, and how it looks. */
export function showSite(visit: Visit): Page {
  return sitePage(visit, {})
}

/** Keeps all of it, or says what is wrong and keeps nothing. */
export async function keepSite(visit: Visit): Promise<Answer> {
  const { context, words, account, access } = visit
  const language = readLanguage(visit)
  const wanted = { ...readNameFields(visit), colour: readColour(visit, siteSettings(access).colour) }
  const mistakes = {
    ...mistakesIn(words, wanted),
    ...(language === undefined && { language: words.settings.faults['not a choice'] }),
    ...logoMistakes(visit),
  }
  if (Object.keys(mistakes).length > 0 || !language) return sitePage(visit, mistakes)
  await setSettings(context, { actor: account.name, settings: { ...wanted, language } })
  await keepLogo(visit)
  return await goOn(visit, 'site')
}

function sitePage(visit: Visit, mistakes: Mistakes): Page {
  const { setup } = visit.words
  const body = html`<p>${setup.siteIntro}</p>
    ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: pathOf('site'),
      fields: [...nameFields(visit, mistakes), languageField(visit, mistakes), looksFields(visit, mistakes)],
      submit: setup.saveAndNext,
      upload: true,
      beside: backLink(visit, 'site'),
    })}`
  return stepPage(visit, 'site', body, Object.keys(mistakes).length > 0 ? 422 : 200)
}
