import { type LogoFault, logoFault, setLogo } from '../../site/logo.ts'
import { type SiteSettings, siteSettings } from '../../site/settings.ts'
import { accentOf } from '../accent.ts'
import { facts } from '../components/facts.ts'
import { textField } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { contrast, rgbOf } from '../contrast.ts'
import { line } from '../form.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import { logoPath } from '../logo.ts'
import type { OpenVisit, Visit } from '../visit.ts'
import type { Mistakes } from './settings-fields.ts'

/** Our own, where a site has chosen none; a picker always shows some colour. */
const OWN_COLOUR = '#0d5480'
const COLOUR = /^#[0-9a-f]{6}$/
/** Grounds of light and dark pages that text stands on most. */
const LIGHT_PAGE = '#ffffff'
const DARK_PAGE = '#141b21'

/** Colour and logo. */
export function looksFields(visit: Visit, mistakes: Mistakes): HtmlValue {
  const { settings } = visit.words
  const now = siteSettings(visit.access)
  const written = visit.form.get('colour') ?? now.colour
  const shown = COLOUR.test(written) ? written : now.colour || OWN_COLOUR
  return html`${textField({
      name: 'colour',
      label: settings.colour,
      hint: settings.colourHint,
      mistake: mistakes['colour'],
      value: written,
      maxLength: 7,
    })}
    <input type="hidden" name="colour-shown" value="${shown}" />
    ${textField({ name: 'picker', label: settings.picker, hint: settings.pickerHint, type: 'color', value: shown })}
    ${colourUse(visit, now.colour)} ${logoNow(visit, now)}
    ${fileField({
      name: 'logo',
      label: settings.logo,
      hint: settings.logoHint,
      mistake: mistakes['logo'],
      accept: 'image/png,image/jpeg,image/webp',
    })}`
}

/**
 * The colour that was chosen. What was written counts, unless only the picker was moved.
 * @param now the colour of the site before
 */
export function readColour({ form }: OpenVisit, now: string): string {
  const written = line(form, 'colour').toLowerCase()
  const picked = (form.get('picker') ?? '').toLowerCase()
  const moved = COLOUR.test(picked) && picked !== form.get('colour-shown')
  return written === now && moved ? picked : written
}

/** What is wrong with a logo that came with the form. */
export function logoMistakes({ words, files }: OpenVisit): Mistakes {
  const bytes = files.get('logo')
  const fault: LogoFault | undefined = bytes && logoFault(bytes)
  return fault ? { logo: words.settings.logoFaults[fault] } : {}
}

/** Keeps the logo that came with the form, if one did. */
export async function keepLogo({ context, account, files }: Visit): Promise<void> {
  const bytes = files.get('logo')
  if (bytes) await setLogo(context, { actor: account.name, bytes })
}

/** How a colour is used in each theme, and why it is not used as it was chosen where it is not. */
function colourUse({ words: { settings } }: OpenVisit, colour: string): Html {
  if (colour === '') return html`<p class="note">${settings.ownColour}</p>`
  const { light, dark } = accentOf(colour)
  const use = (used: string, page: string, changed: (ratio: string) => string) => {
    const ratio = contrast(rgbOf(colour), rgbOf(page)).toFixed(1)
    return html`${swatch(used)} <code>${used}</code> (${used === colour ? settings.asChosen(ratio) : changed(ratio)})`
  }
  return html`<div class="colour-use">
    <h3>${settings.colourUse}</h3>
    ${facts([
      [settings.onLight, use(light.accent, LIGHT_PAGE, settings.darkened)],
      [settings.onDark, use(dark.accent, DARK_PAGE, settings.lightened)],
    ])}
  </div>`
}

/** A patch of colour, without a style that the content policy would refuse. */
function swatch(colour: string): Html {
  return html`<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
    <rect width="16" height="16" rx="2" fill="${colour}" />
  </svg>`
}

function logoNow({ words: { settings } }: OpenVisit, { name, logoTag }: SiteSettings): Html | undefined {
  if (logoTag === '') return undefined
  return html`<figure class="logo-now">
    <figcaption class="note">${settings.logoNow}</figcaption>
    <img src="${logoPath(logoTag)}" alt="${settings.logoAlt(name)}" height="48" />
  </figure>`
}
