import { type Html, html, type HtmlValue } from '../html.ts'

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
    readonly type?: 'text' | 'password' | 'email' | 'url' | 'number' | 'date' | 'search' | 'color'
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

/** A choice of one out of a few, all of them in sight. */
export function radioGroup(
  field: FieldBasics & {
    readonly options: readonly { readonly value: string; readonly label: string; readonly hint?: string }[]
    readonly value?: string | undefined
  },
): Html {
  const { name, label, mistake, options, value } = field
  return html`<fieldset id="${name}" ${mistake && html` data-wrong`} ${described(field, false)}>
    <legend>${label}</legend>
    ${notes(field)}
    ${options.map((option, i) => {
      const id = `${name}-${i}`
      const about = option.hint && `${id}-hint`
      return html`<div class="check">
        <input
          id="${id}"
          name="${name}"
          type="radio"
          value="${option.value}"
          ${option.value === value && html` checked`}${about && html` aria-describedby="${about}"`}
        />
        <label for="${id}">${option.label}</label>
        ${about && html`<p class="hint" id="${about}">${option.hint}</p>`}
      </div>`
    })}
  </fieldset>`
}

/** Fields that answer one question together. */
export function fieldGroup(field: FieldBasics, fields: HtmlValue): Html {
  return html`<fieldset id="${field.name}" ${field.mistake && html` data-wrong`} ${described(field, false)}>
    <legend>${field.label}</legend>
    ${notes(field)}${fields}
  </fieldset>`
}

/** An input of any kind with its label, hint and mistake. */
export function labelled(field: FieldBasics, input: Html): Html {
  return html`<div class="field" ${field.mistake && html` data-wrong`}>
    <label for="${field.name}">${field.label}</label>
    ${notes(field)}${input}
  </div>`
}

function notes({ name, hint, mistake }: FieldBasics): Html {
  return html`${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}${mistake && html`<p class="mistake" id="${name}-mistake">${mistake}</p>`}`
}

/**
 * The attributes that tie hint and mistake to their input.
 * @param isInput a group of fields cannot be invalid itself
 */
export function described({ name, hint, mistake }: FieldBasics, isInput = true): Html | undefined {
  const ids = [hint && `${name}-hint`, mistake && `${name}-mistake`].filter(Boolean).join(' ')
  if (ids === '') return undefined
  return html` aria-describedby="${ids}"${isInput && mistake && html` aria-invalid="true"`}`
}
