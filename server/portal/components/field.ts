import { type Html, html } from '../html.ts'

/** What every kind of field has. `name` is also its id. */
export interface FieldBasics {
  readonly name: string
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with what was given. */
  readonly mistake?: string | undefined
}

/** A field for one line of text. */
export function textField(
  field: FieldBasics & {
    readonly value?: string | undefined
    readonly type?: 'text' | 'password' | 'email' | 'url' | 'number' | 'date' | 'search'
    readonly autocomplete?: string
    readonly required?: boolean
    readonly maxLength?: number
    readonly minLength?: number
    readonly inputMode?: 'numeric' | 'text' | 'email' | 'url'
    readonly autofocus?: boolean
    readonly placeholder?: string
  },
): Html {
  return labelled(
    field,
    html`<input
      id="${field.name}"
      name="${field.name}"
      type="${field.type ?? 'text'}"
      ${field.value !== undefined && html` value="${field.value}"`}${field.autocomplete && html` autocomplete="${field.autocomplete}"`}${field.maxLength && html` maxlength="${field.maxLength}"`}${field.minLength && html` minlength="${field.minLength}"`}${field.inputMode && html` inputmode="${field.inputMode}"`}${field.placeholder && html` placeholder="${field.placeholder}"`}${field.required && html` required`}${field.autofocus && html` autofocus`}
      autocapitalize="none"
      spellcheck="false"
      ${described(field)}
    />`,
  )
}

/** A field for several lines. */
export function textArea(
  field: FieldBasics & {
    readonly value?: string
    readonly rows?: number
    readonly required?: boolean
    readonly maxLength?: number
  },
): Html {
  return labelled(
    field,
    html`<textarea
      id="${field.name}"
      name="${field.name}"
      rows="${field.rows ?? 4}"
      ${field.maxLength && html` maxlength="${field.maxLength}"`}${field.required && html` required`}${described(field)}
    >
${field.value}</textarea>`,
  )
}

/** A choice of one out of some. */
export function selectField(
  field: FieldBasics & {
    readonly options: readonly (readonly [value: string, label: string])[]
    readonly value?: string | undefined
  },
): Html {
  return labelled(
    field,
    html`<select id="${field.name}" name="${field.name}" ${described(field)}>
      ${field.options.map(([value, label]) => html`<option value="${value}" ${value === field.value && html` selected`}>${label}</option>`)}
    </select>`,
  )
}

/** A box to tick. Its value is `on`, or what is given. */
export function checkBox(
  field: FieldBasics & { readonly checked?: boolean; readonly value?: string; readonly id?: string },
): Html {
  const id = field.id ?? field.name
  return html`<div class="field check" ${field.mistake && html` data-wrong`}>
    <input
      id="${id}"
      name="${field.name}"
      type="checkbox"
      value="${field.value ?? 'on'}"
      ${field.checked && html` checked`}${described(field)}
    />
    <label for="${id}">${field.label}</label>
    ${field.hint && html`<p class="hint" id="${field.name}-hint">${field.hint}</p>`}${field.mistake && html`<p class="mistake" id="${field.name}-mistake">${field.mistake}</p>`}
  </div>`
}

function labelled(field: FieldBasics, input: Html): Html {
  const { name, label, hint, mistake } = field
  return html`<div class="field" ${mistake && html` data-wrong`}>
    <label for="${name}">${label}</label>
    ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${mistake && html`<p class="mistake" id="${name}-mistake">${mistake}</p>`}
    ${input}
  </div>`
}

function described({ name, hint, mistake }: FieldBasics): Html | undefined {
  const ids = [hint && `${name}-hint`, mistake && `${name}-mistake`].filter(Boolean).join(' ')
  return ids === '' ? undefined : html` aria-describedby="${ids}"${mistake && html` aria-invalid="true"`}`
}
