import { html, type Html } from '../portal/html.ts'

/** What was wrong with a field, for the person who filled it in. */
export interface Mistake {
  readonly field: 'name' | 'password' | 'again'
  readonly message: string
}

/** The form that makes the first administrator. */
export function formPage(given: { readonly name: string; readonly mistake: Mistake | undefined }): string {
  const { name, mistake } = given
  const field = (id: Mistake['field'], label: string, input: Html, hint?: Html) =>
    html` <div class="field">
      <label for="${id}">${label}</label>
      ${hint} ${mistake?.field === id && html`<p class="mistake" id="${id}-mistake">${mistake.message}</p>`} ${input}
    </div>`
  const state = (id: Mistake['field'], hint: string) => {
    const wrong = mistake?.field === id
    const describedBy = [hint, wrong ? `${id}-mistake` : ''].filter((each) => each !== '').join(' ')
    const first = wrong || (mistake === undefined && id === 'name')
    return html`${wrong && html`aria-invalid="true"`} ${describedBy !== '' && html`aria-describedby="${describedBy}"`}
    ${first && html`autofocus`}`
  }
  return page(
    mistake ? 'Please correct: first administrator' : 'First administrator',
    html` <h1>First administrator</h1>
      <p>This makes the account that looks after the site. The link that brought you here works once.</p>
      ${mistake && html`<p class="summary" role="alert">Not done yet. <a href="#${mistake.field}">${mistake.message}</a></p>`}
      <form method="post" autocomplete="on">
        ${field(
          'name',
          'Name',
          html`<input
            id="name"
            name="name"
            value="${name}"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            maxlength="64"
            required
            ${state('name', 'name-hint')}
          />`,
          html`<p class="hint" id="name-hint">Letters, digits, dots, @, _ and -</p>`,
        )}
        ${field(
          'password',
          'Password',
          html`<input
            id="password"
            name="password"
            type="password"
            autocomplete="new-password"
            minlength="15"
            required
            ${state('password', 'password-hint')}
          />`,
          html`<p class="hint" id="password-hint">15 characters or more; several words are best. No other rules.</p>`,
        )}
        ${field(
          'again',
          'Password again',
          html`<input
            id="again"
            name="again"
            type="password"
            autocomplete="new-password"
            required
            ${state('again', '')}
          />`,
        )}
        <button type="submit">Make the administrator</button>
      </form>`,
  )
}

/** What is shown when it is done. */
export function donePage(name: string): string {
  return page(
    'The administrator is made',
    html` <h1>The administrator is made</h1>
      <p><strong>${name}</strong> looks after this site from now on. The link counts no more.</p>
      <h2>What comes next</h2>
      <p>At the machine, in the folder of Vouchsafe:</p>
      <pre><code>npx vouchsafe collection add "Region" --alias region --label tlp:green
npx vouchsafe user grant ${name} --read region --write region
npx vouchsafe token add ${name} --scope taxii</code></pre>
      <p>An administrator has no right to content until it is given: the second line does that.</p>`,
  )
}

/** One page for a link that is wrong, used or expired: which of the three is nobody's business. */
export function missingPage(): string {
  return page(
    'Not found',
    html` <h1>There is nothing here</h1>
      <p>A set-up link works once and for an hour. To get a new one, run this at the machine:</p>
      <pre><code>npx vouchsafe init</code></pre>`,
  )
}

/** A form that another site has sent, or something that is no form of ours. */
export function refusedPage(why: string): string {
  return page(
    'Refused',
    html`<h1>Refused</h1>
      <p>${why}</p>`,
  )
}

function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} - Vouchsafe</title>
        <link rel="stylesheet" href="/setup/page.css" />
      </head>
      <body>
        <main>
          <p class="brand">Vouchsafe</p>
          ${body}
        </main>
      </body>
    </html> `.text
}
