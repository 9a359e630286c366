import { addressOfMembership, listAddresses } from '../../members/profile/addresses.ts'
import { useAddressInGroup } from '../../members/profile/addresses-use.ts'
import { fieldValuesOf, MAX_FIELD_VALUE, setFieldValues } from '../../members/profile/group-fields.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { selectField, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line, rowNumber } from '../form.ts'
import { html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'

const HERE = '/groups/:group/you'
/** Stands before the name of a group's field, so that none is taken for one of ours. */
const PREFIX = 'field_'

/** One's own entry in a group: the address that it uses, and what it asks beside the profile. */
export const ownEntryRoutes: readonly Route[] = [
  inGroup('set-own-membership').get(HERE, (visit) => entryPage(visit, {})),
  inGroup('set-own-membership').post(HERE, save),
]

async function save(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, account, session, words } = visit
  const wanted = { ...byOf(visit), group: group.name, account }
  const values = Object.fromEntries(
    [...sent.keys()].filter((key) => key.startsWith(PREFIX)).map((key) => [key.slice(PREFIX.length), line(sent, key)]),
  )
  try {
    if (Object.keys(values).length > 0) await setFieldValues(context, { ...wanted, values })
    const addressNo = sent.get('address') === 'main' ? undefined : rowNumber(sent, 'address')
    if (sent.has('address')) await useAddressInGroup(context, { ...wanted, addressNo })
  } catch (error) {
    const fields = Object.fromEntries(Object.keys(values).map((name) => [PREFIX + name, PREFIX + name]))
    return await entryPage(visit, mistakeAt(error, { ...fields, not_verified: 'address' }))
  }
  session.toast = words.profile.entrySaved
  return seeOther(`/groups/${group.name}/you`)
}

async function entryPage(visit: GroupVisit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, group, account, form: sent, words } = visit
  const text = words.profile
  const addresses = await listAddresses(context.database, account.accountNo)
  const chosen = await addressOfMembership(context.database, account.accountNo, group.groupNo)
  const fields = await fieldValuesOf(context.database, group.groupNo, account.accountNo)
  return page(
    `${text.entryTitle} · ${group.title}`,
    html`${pageHeader({ title: text.entryTitle, lead: text.entryLead })} ${mistakeSummary(visit, mistakes)}
      ${form(visit, {
        action: `/groups/${group.name}/you`,
        submit: words.account.save,
        fields: [
          selectField({
            name: 'address',
            label: text.entryAddress,
            hint: text.entryAddressHint,
            options: [
              ['main', text.entryMain(account.email)],
              ...addresses
                .filter(({ isVerified }) => isVerified)
                .map(({ addressNo, address }) => [String(addressNo), address] as const),
            ],
            value: sent.get('address') ?? String(chosen ?? 'main'),
            mistake: mistakes['address'],
          }),
          ...fields.map(({ name, label, value }) =>
            textField({
              name: PREFIX + name,
              label,
              value: sent.get(PREFIX + name) ?? value,
              maxLength: MAX_FIELD_VALUE,
              mistake: mistakes[PREFIX + name],
            }),
          ),
        ],
      })}
      <p><a href="/account/profile">${text.toProfile}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
