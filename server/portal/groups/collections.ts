import { rankOf, labelOfRank, TLP_LEVELS } from '../../../policies/tlp.ts'
import { addGroupCollection, giveGroupRoot } from '../../members/group-roots.ts'
import { endServiceAccount } from '../../members/service-accounts.ts'
import { type ListedService, listServices } from '../../members/service-accounts-list.ts'
import { AUDIENCES } from '../../site/add-collection.ts'
import type { ApiRoot, Collection } from '../../storage/access.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { baseOf } from '../base-of.ts'
import { byOf } from '../by.ts'
import { badge } from '../components/badge.ts'
import { codeBlock } from '../components/code-block.ts'
import { emptyState } from '../components/empty-state.ts'
import { selectField, textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { tlpChip } from '../components/tlp-chip.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { may } from './may.ts'

/** The collections of a group that are for the visitor, how programs read them, and for administrators whose they are. */
export const collectionRoutes: readonly Route[] = [
  inGroup('see-collections').get('/groups/:group/collections', (visit) => collectionsPage(visit, {})),
  inGroup('manage-collections').post('/groups/:group/collections', add),
  inGroup('manage-collections').post('/groups/:group/collections/root', giveRoot),
  inGroup('manage-collections').post('/groups/:group/collections/programs/:service/end', switchOff),
]

async function collectionsPage(visit: GroupVisit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, group, words } = visit
  const text = words.services
  const root = visit.access.roots.find(({ groupNo }) => groupNo === group.groupNo)
  const manages = may(visit, 'manage-collections')
  const programs = manages ? await listServices(context.database, { group: group.name }) : []
  return page(
    `${text.collections} · ${group.title}`,
    html`${pageHeader({ title: text.collections, lead: text.collectionsLead })} ${mistakeSummary(visit, mistakes)}
    ${root ? shown(visit, root) : noRoot(visit, manages)}
    ${manages && root && panel(text.addCollection, addForm(visit, mistakes))}
    ${manages && panel(text.programs, programTable(visit, programs))}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function noRoot(visit: GroupVisit, manages: boolean): Html {
  const text = visit.words.services
  return emptyState({
    what: text.noRoot,
    why: text.noRootWhy,
    action: manages
      ? actionButton(visit, {
          action: `/groups/${visit.group.name}/collections/root`,
          label: text.giveRoot,
          tone: 'main',
        })
      : undefined,
  })
}

function shown(visit: GroupVisit, root: ApiRoot): Html {
  const text = visit.words.services
  const { access, account, actor, membership } = visit
  // whoever looks in through broken glass is no member: they see what there is, and read nothing of it by a program
  const own = root.collections.flatMap((collection) => {
    const right = access.right(account, collection, actor.secondFactor)
    return right.canRead || right.canWrite || !membership ? [{ collection, right }] : []
  })
  const [first] = own
  if (!first) return emptyState({ what: text.noCollections, why: text.noCollectionsWhy })
  return html`${table({
    caption: text.collectionsList,
    columns: [text.collection, text.may, text.label, text.audience].map((label) => ({ label })),
    rows: own.map(({ collection, right }) => [
      html`${collection.title} ${collection.closed && badge(text.closed, 'warn')}
        ${collection.description && html`<br /><span class="hint">${collection.description}</span>`} <br /><code
          >${pathOf(root, collection)}</code
        >`,
      [right.canRead && text.reads, right.canWrite && text.writes].filter(Boolean).join(', ') || '–',
      tlpChip(labelOfRank(collection.ceiling)),
      text.audiences[collection.audience],
    ]),
  })}
  ${panel(
    text.poll,
    html`<p>${text.pollText}</p>
      ${codeBlock(
        `curl -H "Authorization: Bearer TOKEN" -H "Accept: application/taxii+json;version=2.1" ${baseOf(visit)}${pathOf(root, first.collection)}objects/`,
      )}
      <p><a href="/account/services">${text.pollLink}</a></p>`,
  )}`
}

function pathOf(root: ApiRoot, { alias, id }: Collection): string {
  return `/${root.path}/collections/${alias ?? id}/`
}

function addForm(visit: GroupVisit, mistakes: Readonly<Record<string, string>>): Html {
  const text = visit.words.services
  const { form: sent, group } = visit
  return form(visit, {
    action: `/groups/${group.name}/collections`,
    submit: text.addCollection,
    fields: [
      textField({
        name: 'title',
        label: text.collectionTitle,
        value: line(sent, 'title'),
        maxLength: 200,
        required: true,
        mistake: mistakes['title'],
      }),
      textField({
        name: 'alias',
        label: text.alias,
        hint: text.aliasHint,
        value: line(sent, 'alias'),
        maxLength: 63,
        mistake: mistakes['alias'],
      }),
      selectField({
        name: 'audience',
        label: text.audience,
        options: AUDIENCES.map((audience) => [audience, text.audiences[audience]]),
        value: line(sent, 'audience') || 'members',
        mistake: mistakes['audience'],
      }),
      selectField({
        name: 'label',
        label: text.labelField,
        hint: text.labelHint,
        options: TLP_LEVELS.toSorted((a, b) => rankOf(a) - rankOf(b)).map((label) => [label, label]),
        value: line(sent, 'label') || 'TLP:AMBER+STRICT',
      }),
    ],
  })
}

function programTable(visit: GroupVisit, programs: readonly ListedService[]): Html {
  const text = visit.words.services
  if (programs.length === 0) return html`<p class="hint">${text.noPrograms}</p>`
  return html`<p>${text.programsLead}</p>
    ${table({
      caption: text.programs,
      columns: [text.program, text.owner, text.may, text.purpose, text.used, ''].map((label) => ({ label })),
      rows: programs.map((each) => [
        each.account,
        each.ownerName,
        each.canWrite ? text.readsAndWrites : text.reads,
        each.purpose || '–',
        each.usedMicros === undefined ? text.never : time(visit, each.usedMicros),
        actionButton(visit, {
          action: `/groups/${visit.group.name}/collections/programs/${each.account}/end`,
          label: text.switchOff,
          about: each.account,
          tone: 'danger',
        }),
      ]),
    })}`
}

async function add(visit: GroupVisit): Promise<Answer> {
  const { context, group, form: sent, session, words } = visit
  const title = line(sent, 'title')
  const audience = AUDIENCES.find((each) => each === line(sent, 'audience')) ?? 'members'
  const label = TLP_LEVELS.find((each) => each === line(sent, 'label')) ?? 'TLP:AMBER+STRICT'
  const alias = line(sent, 'alias') || undefined
  try {
    await addGroupCollection(context, { ...byOf(visit), group: group.name, title, alias, audience, label })
  } catch (error) {
    return await collectionsPage(
      visit,
      mistakeAt(error, { bad_title: 'title', bad_alias: 'alias', alias_taken: 'alias', no_root: 'title' }),
    )
  }
  session.toast = words.services.madeCollection(title)
  return seeOther(`/groups/${group.name}/collections`)
}

async function giveRoot(visit: GroupVisit): Promise<Answer> {
  const { context, group, session, words } = visit
  await giveGroupRoot(context, { ...byOf(visit), group: group.name })
  session.toast = words.services.gaveRoot
  return seeOther(`/groups/${group.name}/collections`)
}

async function switchOff(visit: GroupVisit): Promise<Answer> {
  const { context, group, params, session, words } = visit
  const account = params['service'] ?? ''
  await endServiceAccount(context, { ...byOf(visit), in: group.name, account })
  session.toast = words.services.ended(account)
  return seeOther(`/groups/${group.name}/collections`)
}
