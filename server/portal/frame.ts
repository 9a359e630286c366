import { siteSettings } from '../site/settings.ts'
import { shownVersion } from '../backup/program-version.ts'
import type { Page } from './answer.ts'
import { assetPath, sheetPath } from './assets.ts'
import { banner, type Warning } from './components/banner.ts'
import { tlpChip, tlpName } from './components/tlp-chip.ts'
import { csrfField } from './csrf.ts'
import { type Html, html } from './html.ts'
import { logoPath } from './logo.ts'
import { groupSwitcher, places } from './navigation.ts'
import { presenceScript } from './presence.ts'
import { isSignedIn, type OpenVisit, type Visit } from './visit.ts'
import { LANGUAGE_NAMES, type Words } from './words/words.ts'

/** The frame of every page: head, skip link, bar, places, warnings, toast, content, foot. */
export function frame(visit: OpenVisit, page: Page, warnings: readonly Warning[] = []): Html {
  const { words, language, session } = visit
  const { name, colour, logoTag, contact } = siteSettings(visit.access)
  const { toast } = session
  if (toast !== undefined) delete session.toast
  const shared = { name, colour, logoTag, toast, warnings }
  const help = contact !== '' && html`<p>${words.shell.contact(contact)}</p>`
  if (!isSignedIn(visit)) {
    return documentOf(words, language, page, { ...shared, foot: html`${languageLinks(visit)}${help}` })
  }
  return documentOf(words, language, page, {
    ...shared,
    inside: true,
    bar: bar(visit),
    beside: places(visit),
    presence: presenceScript(visit.account),
    foot: html`${help}
      <p>${versionText(words)}</p>`,
  })
}

/** The same frame for somebody of whom nothing is known, for example while the database is away. */
export function bareFrame(words: Words, language: string, page: Page): Html {
  return documentOf(words, language, page, { name: 'Vouchsafe' })
}

interface Parts {
  readonly name: string
  readonly colour?: string
  readonly logoTag?: string
  /** Whether somebody has signed in. */
  readonly inside?: boolean
  readonly bar?: Html
  readonly beside?: Html
  readonly warnings?: readonly Warning[]
  readonly toast?: string | undefined
  readonly presence?: Html
  readonly foot?: Html
}

function documentOf(words: Words, language: string, page: Page, parts: Parts): Html {
  const { name, colour, inside = false, warnings = [], toast } = parts
  const marking = page.label && html`<p class="marking">${tlpChip(page.label)}</p>`
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title} · ${name}</title>
        <link rel="stylesheet" href="${sheetPath(colour)}" />
        <link rel="icon" type="image/svg+xml" href="${assetPath('icon.svg')}" />
        ${FONTS}${(page.scripts ?? []).map((script) => html`<script src="${assetPath(script)}" defer></script>`)}${parts.presence}
      </head>
      <body class="${inside ? 'inside' : 'open'}">
        <a class="skip" href="#content">${words.shell.skip}</a>
        <header class="bar">
          <a class="brand" href="/">${mark(parts)}<span>${name}</span></a
          >${parts.bar}
        </header>
        <div class="page">
          ${parts.beside}
          <div class="column">
            ${warnings.length > 0 && html`<section aria-label="${words.shell.warnings}">${warnings.map(banner)}</section>`}
            ${toast !== undefined && html`<p class="toast" role="status">${toast}</p>`}
            <main id="content" tabindex="-1" ${page.label && html` data-marking="${tlpName(page.label)}"`}>
              ${marking}${page.body}${marking}
            </main>
            <footer>${parts.foot}</footer>
          </div>
        </div>
      </body>
    </html>`
}

const FONTS = html`${['plex-400.woff2', 'plex-600.woff2'].map(
  (name) => html`<link rel="preload" as="font" type="font/woff2" crossorigin href="${assetPath(name)}" />`,
)}`

/** The logo of the site, or our own mark. */
function mark({ logoTag = '' }: Parts): Html {
  if (logoTag !== '') return html`<img src="${logoPath(logoTag)}" alt="" />`
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M4 5l8 15 8-15" fill="none" stroke="currentColor" stroke-width="2.8" stroke-linejoin="bevel" />
    <circle cx="12" cy="5.6" r="2.5" fill="currentColor" />
  </svg>`
}

function bar(visit: Visit): Html {
  const { shell } = visit.words
  return html`${groupSwitcher(visit)}
    <details class="menu last" name="bar">
      <summary><span class="unseen">${shell.account}: </span><span>${visit.account.displayName}</span></summary>
      <ul>
        ${visit.pages.has('/account') && html`<li><a href="/account">${shell.account}</a></li>`}
        <li>
          <form method="post" action="/sign-out" class="sign-out">
            ${csrfField(visit)}<button class="quiet">${shell.signOut}</button>
          </form>
        </li>
      </ul>
    </details>
    <button class="menu-button" type="button" popovertarget="places">${shell.menu}</button>`
}

/** Only for those who have signed in: an attacker need not be told which faults to try. */
function versionText({ shell }: Words): string {
  const { text, checkout } = shownVersion()
  return shell.version(checkout ? `${text} (${shell.checkout})` : text)
}

/** For visitors: those who have signed in choose their language in their account. */
function languageLinks(visit: OpenVisit): Html {
  const links = Object.entries(LANGUAGE_NAMES).map(([language, name]) =>
    language === visit.language
      ? html`<li aria-current="true" lang="${language}">${name}</li>`
      : html`<li><a href="?${linkQuery(visit, language)}" lang="${language}" hreflang="${language}">${name}</a></li>`,
  )
  return html`<ul class="languages" aria-label="${visit.words.shell.language}">
    ${links}
  </ul>`
}

function linkQuery(visit: OpenVisit, language: string): string {
  const query = new URLSearchParams(visit.query)
  query.set('lang', language)
  return query.toString()
}
