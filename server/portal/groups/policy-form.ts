import { type GroupPolicy, POLICY_SHAPE, type PolicyKey } from '../../../policies/group-policy.ts'
import { PolicyError } from '../../members/group-policy-change.ts'
import { checkBox, fieldGroup, selectField, textField } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { sentence } from '../refusal.ts'
import type { GroupVisit } from '../visit.ts'

/** What of the rules stands together on the page. */
const SECTIONS = {
  entry: [
    'nominationsOpen',
    'vouchByAdministratorsOnly',
    'targetInvouch',
    'distinctOrganisations',
    'ringDetection',
    'approvals',
    'maxVouchDays',
  ],
  stay: [
    'pleaseVouch',
    'minOutvouch',
    'minInvouch',
    'invouchGraceDays',
    'pgpRequired',
    'keyGraceDays',
    'canTimeOut',
    'maxInactivityDays',
    'idleGuardDays',
  ],
  vouches: ['vouchDays', 'vouchVisibility'],
} as const satisfies Readonly<Record<string, readonly PolicyKey[]>>

const SECTION_NAMES = ['entry', 'stay', 'vouches'] as const

/** Says that the flags of a form were there: a box that is not ticked sends nothing. */
const MARK = 'rules'

/** Every rule as a field, with what 0 means. */
export function policyFields(
  visit: GroupVisit,
  shown: Readonly<Record<PolicyKey, unknown>>,
  mistakes: Readonly<Record<string, string>>,
): Html {
  const { policy: text } = visit.words
  return html`<input type="hidden" name="${MARK}" value="all" /> ${SECTION_NAMES.map((section) =>
      fieldGroup(
        { name: `rules-${section}`, label: text.sections[section] },
        SECTIONS[section].map((key) => field(visit, key, shown[key], mistakes[key])),
      ),
    )}`
}

function field({ words }: GroupVisit, key: PolicyKey, value: unknown, mistake: string | undefined): Html {
  const { policy: text } = words
  const shape = POLICY_SHAPE[key]
  const basics = { name: key, ...text.fields[key], mistake }
  if (shape === 'flag') return checkBox({ ...basics, checked: value === true })
  if ('max' in shape) return textField({ ...basics, value: String(value), inputMode: 'numeric', maxLength: 6 })
  const options = shape.map((each) => [each, isVisibility(each) ? text.visibility[each] : each] as const)
  return selectField({ ...basics, value: String(value), options })
}

/** What a form says of the rules; without its mark, nothing. */
export function policyFrom(form: URLSearchParams): Readonly<Partial<Record<PolicyKey, unknown>>> {
  if (!form.has(MARK)) return {}
  return Object.fromEntries(
    policyKeys().map((key) => {
      const shape = POLICY_SHAPE[key]
      const given = (form.get(key) ?? '').trim()
      if (shape === 'flag') return [key, form.has(key)]
      return [key, 'max' in shape && /^\d{1,6}$/.test(given) ? Number(given) : given]
    }),
  )
}

/** The rules as hidden fields of a form, to be sent as they were seen. */
export function hiddenPolicy(policy: GroupPolicy): Html {
  const sent = policyKeys().filter((key) => policy[key] !== false)
  return html`<input type="hidden" name="${MARK}" value="all" />${sent.map(
      (key) => html`<input type="hidden" name="${key}" value="${String(policy[key])}" />`,
    )}`
}

/** The same as the query of an address. */
export function policyQuery(policy: GroupPolicy): string {
  const sent = policyKeys().filter((key) => policy[key] !== false)
  return new URLSearchParams(
    Object.fromEntries([[MARK, 'all'], ...sent.map((key) => [key, String(policy[key])])]),
  ).toString()
}

/** A value of a rule in words. */
export function ruleValue({ words }: Pick<GroupVisit, 'words'>, value: string | number | boolean): string {
  const { policy: text } = words
  if (value === true || value === 'true') return text.yes
  if (value === false || value === 'false') return text.no
  return isVisibility(value) ? text.visibility[value] : String(value)
}

/** Every rule, in the order of the page. */
export function policyKeys(): readonly PolicyKey[] {
  return SECTION_NAMES.flatMap((section): readonly PolicyKey[] => SECTIONS[section])
}

/** What is wrong with rules, by field. @throws whatever is no {@link PolicyError} */
export function policyMistakes(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof PolicyError)) throw error
  return Object.fromEntries(error.problems.map(({ key, problem }) => [key, sentence(problem)]))
}

function isVisibility(value: unknown): value is GroupPolicy['vouchVisibility'] {
  return value === 'counts' || value === 'names' || value === 'comments'
}
