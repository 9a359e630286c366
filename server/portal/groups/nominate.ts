import { attestationsOf } from '../../members/vouching/attestations.ts'
import { nominate, NominatedError, SimilarError } from '../../members/vouching/nominate.ts'
import type { SimilarPerson } from '../../members/vouching/nominate-similar.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { emptyState } from '../components/empty-state.ts'
import { checkBox, textArea, textField } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { fillFromRequest } from './requests-nominate.ts'
import { paragraphs, vouchFields } from './vouch-fields.ts'

/** Proposing somebody: the nominator is whoever is signed in. */
export const nominateRoutes: readonly Route[] = [
  inGroup('nominate').get('/groups/:group/nominate', async (visit) => {
    await fillFromRequest(visit)
    return await nominatePage(visit, {})
  }),
  inGroup('nominate').post('/groups/:group/nominate', propose),
]

const FIELDS = {
  bad_name: 'name',
  name_taken: 'name',
  bad_address: 'email',
  member_already: 'email',
  nominated_already: 'email',
  not_nominable: 'email',
  bad_affiliation: 'affiliation',
  bad_biography: 'biography',
  bad_vouch_text: 'text',
  bad_attestations: 'attested',
  similar_person: 'none-of-them',
}

async function propose(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const name = line(sent, 'name')
  try {
    await nominate(context, {
      ...byOf(visit),
      group: group.name,
      name,
      email: line(sent, 'email'),
      affiliation: line(sent, 'affiliation'),
      biography: paragraphs(sent, 'biography'),
      text: paragraphs(sent, 'text'),
      attested: sent.getAll('attested'),
      isNoneOfThem: sent.has('none-of-them'),
    })
  } catch (error) {
    if (error instanceof SimilarError) {
      const mistakes = { 'none-of-them': words.nominations.similarTitle }
      return await nominatePage(visit, mistakes, similarList(visit, error.people))
    }
    const instead = error instanceof NominatedError ? insteadLink(visit, error.handle) : undefined
    return await nominatePage(visit, mistakeAt(error, FIELDS), instead)
  }
  session.toast = words.nominations.done(name)
  return seeOther(`/groups/${group.name}/nominations`)
}

function insteadLink({ group, words }: GroupVisit, handle: string): Html {
  return html`<p>
    <a class="button" href="/groups/${group.name}/vouch/${handle}">${words.nominations.vouchInstead}</a>
  </p>`
}

function similarList({ group, words }: GroupVisit, people: readonly SimilarPerson[]): Html {
  const text = words.nominations
  return html`<p>${text.similarLead}</p>
    <ul>
      ${people.map(
        (each) =>
          html`<li>
            <a href="/groups/${group.name}/vouch/${each.handle}">${each.name}</a>
            ${each.affiliation !== '' && `(${each.affiliation})`}
            ${each.isNominee ? text.similarNominee : text.similarMember}
          </li>`,
      )}
    </ul>
    ${checkBox({ name: 'none-of-them', label: text.similarNone, mistake: text.similarTitle })}`
}

async function nominatePage(
  visit: GroupVisit,
  mistakes: Readonly<Record<string, string>>,
  beforeButton?: Html,
): Promise<Page> {
  const { context, group, words, membership } = visit
  const text = words.nominations
  const isOpen = group.policy.nominationsOpen || membership?.roles.has('group-administrator') === true
  const attestations = isOpen ? await attestationsOf(context.database, group.groupNo) : []
  return page(
    `${text.title} · ${group.title}`,
    html`${pageHeader({ title: text.title, lead: text.lead })} ${mistakeSummary(visit, mistakes)}
    ${
      isOpen
        ? form(visit, {
            action: `/groups/${group.name}/nominate`,
            fields: html`${personFields(visit, mistakes)}
            ${vouchFields(visit, {
              attestations,
              draft: { text: paragraphs(visit.form, 'text'), attested: visit.form.getAll('attested') },
              mistakes,
              label: text.text,
              hint: text.textHint,
            })}
            ${beforeButton}`,
            submit: text.submit,
          })
        : emptyState({ what: text.closed, why: text.closedWhy })
    }`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function personFields({ words, form: sent }: GroupVisit, mistakes: Readonly<Record<string, string>>): Html {
  const text = words.nominations
  return html`${textField({
    name: 'name',
    label: text.name,
    hint: text.nameHint,
    value: line(sent, 'name'),
    maxLength: 100,
    autocomplete: 'off',
    required: true,
    mistake: mistakes['name'],
  })}
  ${textField({
    name: 'email',
    type: 'email',
    label: text.email,
    hint: text.emailHint,
    value: line(sent, 'email'),
    maxLength: 254,
    autocomplete: 'off',
    required: true,
    mistake: mistakes['email'],
  })}
  ${textField({
    name: 'affiliation',
    label: text.affiliation,
    hint: text.affiliationHint,
    value: line(sent, 'affiliation'),
    maxLength: 100,
    autocomplete: 'off',
    mistake: mistakes['affiliation'],
  })}
  ${textArea({
    name: 'biography',
    label: text.biography,
    hint: text.biographyHint,
    value: paragraphs(sent, 'biography'),
    maxLength: 2000,
    rows: 4,
    mistake: mistakes['biography'],
  })}`
}
