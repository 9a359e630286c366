import type { Page } from './answer.ts'
import { csrfField } from './csrf.ts'
import { type Html, html } from './html.ts'
import { navigation } from './navigation.ts'
import { isSignedIn, type OpenVisit } from './visit.ts'
import { LANGUAGE_NAMES, type Words } from './words/words.ts'

/** The frame of every page: head, skip link, navigation, toast, content, foot. */
export function frame(visit: OpenVisit, page: Page): Html {
  const { words, language, session } = visit
  const { toast } = session
  if (toast !== undefined) delete session.toast
  const bar = isSignedIn(visit)
    ? html`${navigation(visit)}
        <form method="post" action="/sign-out" class="sign-out">
          ${csrfField(visit)}<a href="/account">${visit.account.displayName}</a>
          <button class="quiet">${words.shell.signOut}</button>
        </form>`
    : undefined
  return documentOf(words, language, page, { bar, toast, languages: languageLinks(visit) })
}

/** The same frame for somebody of whom nothing is known, for example while the database is away. */
export function bareFrame(words: Words, language: string, page: Page): Html {
  return documentOf(words, language, page, {})
}

function documentOf(
  words: Words,
  language: string,
  page: Page,
  parts: {
    readonly bar?: Html | undefined
    readonly toast?: string | undefined
    readonly languages?: Html | undefined
  },
): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title} · Vouchsafe</title>
        <link rel="stylesheet" href="/assets/portal.css" />
        ${(page.scripts ?? []).map((name) => html`<script src="/assets/${name}" defer></script>`)}
      </head>
      <body>
        <a class="skip" href="#content">${words.shell.skip}</a>
        <header class="bar"><a class="brand" href="/">Vouchsafe</a>${parts.bar}</header>
        ${parts.toast !== undefined && html`<p class="toast" role="status">${parts.toast}</p>`}
        <main id="content" tabindex="-1">${page.body}</main>
        <footer>${parts.languages}</footer>
      </body>
    </html>`
}

/** For visitors: those who have signed in choose their language in their account. */
function languageLinks(visit: OpenVisit): Html | undefined {
  if (isSignedIn(visit)) return undefined
  const links = Object.entries(LANGUAGE_NAMES).map(([language, name]) =>
    language === visit.language
      ? html`<li aria-current="true">${name}</li>`
      : html`<li><a href="?${linkQuery(visit, language)}" lang="${language}" hreflang="${language}">${name}</a></li>`,
  )
  return html`<ul class="languages">
    ${links}
  </ul>`
}

function linkQuery(visit: OpenVisit, language: string): string {
  const query = new URLSearchParams(visit.query)
  query.set('lang', language)
  return query.toString()
}
