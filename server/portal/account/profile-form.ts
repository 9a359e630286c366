import { type MemberProfile, MOST } from '../../members/profile/profile-fields.ts'
import { checkBox, textArea, textField } from '../components/field.ts'
import type { HtmlValue } from '../html.ts'
import type { Visit } from '../visit.ts'

/** The fields of what one says of oneself. */
export function profileFields(
  { words: { profile: text } }: Visit,
  shown: MemberProfile,
  mistakes: Readonly<Record<string, string>>,
): HtmlValue {
  const short = (
    name: 'affiliation' | 'airport' | 'languages' | 'phone' | 'sms' | 'im' | 'sshKey',
    autocomplete?: string,
  ) =>
    textField({
      name,
      label: text[name],
      hint: text[`${name}Hint`],
      value: shown[name],
      maxLength: MOST[name],
      ...(autocomplete !== undefined && { autocomplete }),
      mistake: mistakes[name],
    })
  const long = (name: 'postal' | 'biography', rows: number) =>
    textArea({
      name,
      label: text[name],
      hint: text[`${name}Hint`],
      value: shown[name],
      maxLength: MOST[name],
      rows,
      mistake: mistakes[name],
    })
  return [
    short('affiliation', 'organization'),
    short('languages'),
    short('airport'),
    short('phone', 'tel'),
    short('sms', 'tel'),
    short('im'),
    long('postal', 3),
    long('biography', 6),
    short('sshKey'),
    checkBox({ name: 'hideEmail', label: text.hideEmail, hint: text.hideEmailHint, checked: shown.hideEmail }),
  ]
}
