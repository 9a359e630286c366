import type { Attestation, Attested } from '../../members/vouching/attestations.ts'
import { attestedRef } from '../../members/vouching/attestations.ts'
import { checkBox, fieldGroup, textArea } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import type { GroupVisit } from '../visit.ts'

/** Longest text of a vouch. */
const MAX_TEXT = 2000

/** What was written and ticked so far. */
export interface VouchDraft {
  readonly text: string
  readonly attested: readonly string[]
}

/** Text as a form sends it, with the line ends of ours. */
export function paragraphs(form: URLSearchParams, name: string): string {
  return (form.get(name) ?? '').replaceAll('\r\n', '\n').trim()
}

/**
 * The fields of one vouch: its text, and the statements to tick.
 * @param of what makes the names of the fields its own, where a page has several vouches
 */
export function vouchFields(
  { words }: GroupVisit,
  shape: {
    readonly attestations: readonly Attestation[]
    readonly draft: VouchDraft
    readonly mistakes: Readonly<Record<string, string>>
    readonly of?: string
    readonly label?: string
    readonly hint?: string
  },
): Html {
  const text = words.vouching
  const { attestations, draft, mistakes, of = '', label, hint } = shape
  const [textName, attestName] = [`text${of}`, `attested${of}`]
  return html`${textArea({
    name: textName,
    label: label ?? text.text,
    hint: hint ?? text.textHint,
    value: draft.text,
    maxLength: MAX_TEXT,
    rows: 4,
    mistake: mistakes[textName],
  })}
  ${
    attestations.length === 0
      ? html`<p class="hint">${text.noAttestations}</p>`
      : fieldGroup(
          { name: attestName, label: text.attest, hint: text.attestHint, mistake: mistakes[attestName] },
          attestations.map((each, at) =>
            checkBox({
              name: attestName,
              id: `${attestName}-${at}`,
              value: attestedRef(each),
              label: each.required ? each.text : text.optional(each.text),
              checked: draft.attested.includes(attestedRef(each)),
            }),
          ),
        )
  }`
}

/** Statements as somebody affirmed them, with the wording where it was changed since. */
export function attestedNames(
  { words }: Pick<GroupVisit, 'words'>,
  attested: readonly (Attested & { readonly isCurrent: boolean })[],
): string {
  return attested
    .map(({ name, version, isCurrent }) => (isCurrent ? name : words.vouching.attestedOld(name, version)))
    .join(', ')
}
