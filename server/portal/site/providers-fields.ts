import { selectField, textField } from '../components/field.ts'
import { line } from '../form.ts'
import type { Html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** What is wrong with which field. */
export type Mistakes = Readonly<Record<string, string>>

/** Name and title. The name is asked for once. */
export function namingFields(visit: Visit, title: string, isNew: boolean, mistakes: Mistakes): readonly Html[] {
  const words = visit.words.providers
  const name = textField({
    name: 'name',
    label: words.nameField,
    hint: words.nameHint,
    mistake: mistakes['name'],
    value: line(visit.form, 'name'),
    required: true,
    maxLength: 32,
  })
  const titled = textField({
    name: 'title',
    label: words.titleField,
    hint: words.titleHint,
    mistake: mistakes['title'],
    value: title,
    required: true,
    maxLength: 60,
  })
  return isNew ? [titled, name] : [titled]
}

/** A secret goes in and never comes out. */
export function secretField(visit: Visit, label: string, hasSecret: boolean, mistakes: Mistakes): Html {
  const words = visit.words.providers
  return textField({
    name: 'secret',
    label,
    type: 'password',
    autocomplete: 'off',
    hint: hasSecret ? words.secretHintKept : words.secretHintNew,
    mistake: mistakes['secret'],
    maxLength: 1000,
  })
}

/** What the first sign-in of somebody unknown does. */
export function newAccountsField(visit: Visit, value: 'refuse' | 'make', mistakes: Mistakes): Html {
  const words = visit.words.providers
  return selectField({
    name: 'newAccounts',
    label: words.newAccountsField,
    value,
    mistake: mistakes['newAccounts'],
    options: [
      ['refuse', words.newAccountsOptions.refuse],
      ['make', words.newAccountsOptions.make],
    ],
  })
}

/** How long an answer may take. */
export function timeoutField(visit: Visit, seconds: number, mistakes: Mistakes): Html {
  return textField({
    name: 'timeoutSeconds',
    label: visit.words.providers.timeoutSeconds,
    type: 'number',
    value: String(seconds),
    mistake: mistakes['timeoutSeconds'],
  })
}
