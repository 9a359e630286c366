import { type Html, html } from '../html.ts'
import { described, type FieldBasics, labelled } from './field.ts'

/**
 * A field for one file. Its form needs `upload: true`.
 * @param field `accept` only helps to find the file (media types, with commas): what came is judged by its bytes
 */
export function fileField(field: FieldBasics & { readonly accept: string }): Html {
  return labelled(
    field,
    html`<input id="${field.name}" name="${field.name}" type="file" accept="${field.accept}" ${described(field)} />`,
  )
}
