import { type MailMistake, mailMistakes, setMailRelay, testMail, type WantedMail } from '../../notices/mail-settings.ts'
import { sendTestNotice } from '../../notices/outbox.ts'
import { siteSettings } from '../../site/settings.ts'
import { radioGroup, fieldGroup, selectField, textField } from '../components/field.ts'
import { line } from '../form.ts'
import { type Html, html, type HtmlValue } from '../html.ts'
import type { OpenVisit, Visit } from '../visit.ts'
import type { Words } from '../words/words.ts'
import type { Mistakes } from './settings-fields.ts'

const PORT = 587
const TLS = ['starttls', 'implicit', 'none'] as const

/** What happens to notices: kept in a folder, or sent by a relay. */
export function mailFields(visit: Visit, mistakes: Mistakes): HtmlValue {
  const { settings } = visit.words
  const now = siteSettings(visit.access).mail
  const relay = now.way === 'relay' ? now : { host: '', port: PORT, tls: TLS[0], user: '', from: '' }
  const given = (name: string, value: string) => visit.form.get(name) ?? value
  const text = (name: 'host' | 'user' | 'from', hint: string, value: string, maxLength: number) =>
    textField({
      name,
      label: settings[name],
      hint,
      mistake: mistakes[name],
      value: given(name, value),
      maxLength,
      autocomplete: 'off',
    })
  return html`${radioGroup({
    name: 'way',
    label: settings.way,
    options: [
      { value: 'capture', label: settings.wayCapture },
      { value: 'relay', label: settings.wayRelay },
    ],
    value: given('way', now.way),
  })}
  ${fieldGroup({ name: 'relay', label: settings.relay, hint: settings.relayHint }, [
    text('host', settings.hostHint, relay.host, 253),
    textField({
      name: 'port',
      label: settings.port,
      hint: settings.portHint,
      mistake: mistakes['port'],
      value: given('port', String(relay.port)),
      inputMode: 'numeric',
      maxLength: 5,
    }),
    selectField({
      name: 'tls',
      label: settings.tls,
      mistake: mistakes['tls'],
      options: TLS.map((each) => [each, settings.tlsChoices[each]]),
      value: given('tls', relay.tls),
    }),
    text('user', settings.userHint, relay.user, 200),
    textField({
      name: 'relay-password',
      label: settings.password,
      hint: relay.user === '' ? settings.passwordHint : settings.passwordKept,
      mistake: mistakes['relay-password'],
      type: 'password',
      autocomplete: 'off',
      maxLength: 500,
    }),
    text('from', settings.fromHint, relay.from, 254),
  ])}`
}

/** The second button of the mail form, and whom it writes to. */
export function testButton({ words: { settings }, account }: Visit): Html {
  return html`<button class="quiet" name="try" value="yes">${settings.test}</button>
    <p class="note">${account.email === undefined ? settings.testNoAddress : settings.testTo(account.email)}</p>`
}

/**
 * Keeps what the form says, and tries it where that was asked for.
 * @returns mistakes, with which nothing was kept; else a sentence about what came of it
 */
export async function keepMail(visit: Visit): Promise<{ readonly mistakes: Mistakes } | { readonly toast: string }> {
  const { context, account, words, form } = visit
  const wanted = readMail(visit)
  const mistakes = inWords(words, mailMistakes(wanted))
  if (Object.keys(mistakes).length > 0) return { mistakes }
  await setMailRelay(context, account.name, wanted)
  if (!form.has('try')) return { toast: words.settings.saved }
  const problem = wanted.way === 'relay' ? await testMail(context, wanted) : undefined
  if (problem !== undefined) return { toast: words.settings.testFailed(problem) }
  if (account.email === undefined) return { toast: words.settings.testNoAddress }
  await sendTestNotice(context, account)
  return { toast: wanted.way === 'relay' ? words.settings.tested : words.settings.testCaptured }
}

function readMail({ form }: OpenVisit): WantedMail {
  if (form.get('way') !== 'relay') return { way: 'capture' }
  const port = line(form, 'port')
  const password = form.get('relay-password') ?? ''
  return {
    way: 'relay',
    host: line(form, 'host').toLowerCase(),
    port: /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN,
    tls: TLS.find((each) => each === form.get('tls')) ?? 'starttls',
    user: line(form, 'user'),
    from: line(form, 'from'),
    // an empty field keeps the one that is there
    ...(password !== '' && { password }),
  }
}

function inWords({ settings }: Words, wrong: readonly MailMistake[]): Mistakes {
  const sentences: Readonly<Record<MailMistake, readonly [field: string, sentence: string]>> = {
    host: ['host', settings.wrongHost],
    port: ['port', settings.wrongPort],
    tls: ['tls', settings.plainOnlyHere],
    user: ['user', settings.faults['not one line']],
    password: ['relay-password', settings.faults['not one line']],
    from: ['from', settings.wrongFrom],
  }
  return Object.fromEntries(wrong.map((each) => sentences[each]))
}
