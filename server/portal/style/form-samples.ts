import { checkBox, fieldGroup, radioGroup, selectField, textArea, textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** Forms go nowhere here: they ask for this page again. */
const HERE = '/_style'

/** Buttons of each kind, and a form with mistakes. */
export function formSample(visit: Visit, theme: string): Html {
  const name = `form-name-${theme}`
  const mistake = 'The name is taken. Choose another one.'
  return html`<p class="buttons">
      <a class="button" href="#form">Main</a> <a class="button quiet" href="#form">Quiet</a>
      <a class="button danger" href="#form">Danger</a>
    </p>
    <p class="buttons">
      <button type="button" class="main" disabled>Main, not now</button>
      <button type="button" class="quiet" disabled>Quiet, not now</button>
    </p>
    ${mistakeSummary(visit, { [name]: mistake })}
    ${form(visit, {
      action: HERE,
      method: 'get',
      fields: textField({ name, label: 'Name', hint: 'Letters, digits and -', mistake, value: 'harbour' }),
      submit: 'Make the group',
    })}
    ${actionButton(visit, { action: '/sign-out', label: 'Sign out' })}`
}

/** Fields of each kind, each with a hint, a value or a mistake. */
export function fieldSample(_visit: Visit, theme: string): Html {
  const id = (name: string) => `${name}-${theme}`
  return html`${textField({ name: id('plain'), label: 'Plain', placeholder: 'Only an example' })}
  ${textField({ name: id('hint'), label: 'With a hint', hint: 'As on your badge', value: 'Ana Ruiz' })}
  ${textField({ name: id('wrong'), label: 'With a mistake', mistake: 'This is not an address.', value: 'ana@' })}
  ${textField({ name: id('code'), label: 'Code', inputMode: 'numeric', autocomplete: 'one-time-code', maxLength: 6 })}
  ${textArea({ name: id('reason'), label: 'Reason', hint: 'The group reads it', value: 'Night shift asked for it', rows: 3 })}
  ${selectField({
    name: id('label'),
    label: 'Label',
    options: [
      ['green', 'TLP:GREEN'],
      ['amber', 'TLP:AMBER'],
    ],
    value: 'amber',
  })}
  ${radioGroup({
    name: id('mail'),
    label: 'How mail leaves',
    value: 'relay',
    options: [
      { value: 'capture', label: 'It stays here', hint: 'In a folder that administrators see' },
      { value: 'relay', label: 'By a relay' },
    ],
  })}
  ${fieldGroup(
    { name: id('roles'), label: 'Roles', mistake: 'A group needs an administrator.' },
    html`${checkBox({ name: id('coordinator'), label: 'Coordinator', checked: true })}
    ${checkBox({ name: id('admin'), label: 'Group administrator', hint: 'Invites, pauses and removes members' })}`,
  )}`
}
