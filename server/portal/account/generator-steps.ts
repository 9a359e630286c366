import type { CodeGenerator } from '../../auth/factors/code-generators.ts'
import { addressOfGenerator, secretText } from '../../auth/factors/one-time-code.ts'
import { siteSettings } from '../../site/settings.ts'
import type { Account } from '../../storage/access.ts'
import { codeBlock } from '../components/code-block.ts'
import { selectField, textField } from '../components/field.ts'
import { form } from '../components/form.ts'
import { qrCode } from '../components/qr-code.ts'
import { type Html, html } from '../html.ts'
import type { OpenVisit } from '../visit.ts'

/** Longest name of a code generator. */
export const MAX_GENERATOR_NAME = 60

/** The form that starts a code generator. */
export function startForm(visit: OpenVisit, action: string, mistake?: string): Html {
  const words = visit.words.credentials
  return form(visit, {
    action,
    submit: words.start,
    fields: [
      textField({
        name: 'name',
        label: words.generatorName,
        hint: words.generatorNameHint,
        value: visit.form.get('name') ?? words.generatorDefault,
        required: true,
        maxLength: MAX_GENERATOR_NAME,
        mistake,
      }),
      selectField({
        name: 'kind',
        label: words.kind,
        hint: words.kindHint,
        options: [
          ['totp', words.kinds.totp],
          ['hotp', words.kinds.hotp],
        ],
      }),
    ],
  })
}

/** What to do with a new generator: scan or type its secret, then give its first code. */
export function confirmSteps(
  visit: OpenVisit,
  account: Account,
  generator: CodeGenerator,
  shape: { readonly action: string; readonly mistake?: string | undefined },
): Html {
  const words = visit.words.credentials
  const { name: site } = siteSettings(visit.access)
  const address = addressOfGenerator(generator, { site, account: account.name })
  return html`<ol>
      <li>
        <p>${words.scan}</p>
        ${qrCode(address, words.qrLabel)}
        <p>${words.orType(words.kinds[generator.kind])}</p>
        ${codeBlock(secretText(generator.secret))}
      </li>
      <li><p>${words.firstCode}</p></li>
    </ol>
    ${form(visit, {
      action: shape.action,
      submit: words.confirm,
      fields: codeField(words.code, { mistake: shape.mistake, hint: words.codeHint }),
    })}`
}

/** The field for six digits. */
export function codeField(
  label: string,
  {
    mistake,
    hint,
    autofocus = true,
  }: { readonly mistake?: string | undefined; readonly hint?: string; readonly autofocus?: boolean },
): Html {
  return textField({
    name: 'code',
    label,
    hint,
    mistake,
    autocomplete: 'one-time-code',
    inputMode: 'numeric',
    required: true,
    maxLength: 20,
    autofocus,
  })
}

/** New recovery codes, shown this once, to be printed or written down. */
export function recoveryCodeList(visit: OpenVisit, codes: readonly string[], next: string): Html {
  const words = visit.words.credentials
  return html`<p>${words.codesShown}</p>
    ${codeBlock(codes.join('\n'), words.codesOf(siteSettings(visit.access).name))}
    <p>${words.codesKeep}</p>
    <p class="buttons"><a class="button main" href="${next}">${words.codesKept}</a></p>`
}
