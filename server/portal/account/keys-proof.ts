import type { OwnKey } from '../../keys/list-keys.ts'
import { codeBlock } from '../components/code-block.ts'
import { textArea, textField } from '../components/field.ts'
import { actionButton, form } from '../components/form.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** The two ways to prove that one holds a key. The encrypted message is on the page once; it can be asked for anew. */
export function proofForms(
  visit: Visit,
  shown: {
    readonly key: OwnKey
    readonly statement: string | undefined
    readonly encrypted: string | undefined
    readonly mistakes: Readonly<Record<string, string>>
  },
): Html {
  const text = visit.words.keys
  const { key, statement, encrypted, mistakes } = shown
  const path = `/account/keys/${key.fingerprint}`
  const again = actionButton(visit, {
    action: `${path}/ask`,
    label: statement === undefined ? text.ask : text.askAgain,
    tone: statement === undefined ? 'main' : 'quiet',
  })
  if (statement === undefined) {
    return html`<p>${text.proofLead}</p>
      ${again}`
  }
  return html`<p>${text.proofLead}</p>
    <h3>${text.signText}</h3>
    ${codeBlock(statement)}
    <p>${text.signCommand}</p>
    ${codeBlock(`gpg --local-user ${key.fingerprint} --clearsign FILE`)}
    ${form(visit, {
      action: `${path}/sign`,
      submit: text.sign,
      fields: textArea({
        name: 'signature',
        label: text.signature,
        hint: text.signatureHint,
        rows: 8,
        mistake: mistakes['signature'],
      }),
    })}
    <h3>${text.readWord}</h3>
    ${encrypted === undefined ? html`<p>${text.messageGone}</p>` : codeBlock(encrypted)}
    ${form(visit, {
      action: `${path}/word`,
      submit: text.checkWord,
      fields: textField({
        name: 'word',
        label: text.word,
        hint: text.wordHint,
        autocomplete: 'off',
        maxLength: 60,
        mistake: mistakes['word'],
      }),
    })}
    ${again}`
}
