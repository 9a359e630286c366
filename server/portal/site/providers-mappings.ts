import type { GroupMapping } from '../../auth/providers/provider-mappings.ts'
import type { Provider } from '../../auth/providers/providers.ts'
import { selectField, textField } from '../components/field.ts'
import { actionButton, form } from '../components/form.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { line } from '../form.ts'
import type { Visit } from '../visit.ts'

/** Which outside groups propose their people for which trust groups, and the form that adds one. */
export function mappingsPanel(
  visit: Visit,
  provider: Provider,
  mappings: readonly GroupMapping[],
  mistakes: Readonly<Record<string, string>>,
): Html {
  const words = visit.words.providers
  const path = `/site/providers/${provider.name}`
  const list =
    mappings.length === 0
      ? html`<p>${words.mappingNone}</p>`
      : table({
          caption: words.mappingCaption,
          columns: [{ label: words.outsideGroup }, { label: words.trustGroup }, { label: '' }],
          rows: mappings.map(({ outsideGroup, group, title }) => [
            html`<code>${outsideGroup}</code>`,
            title,
            actionButton(visit, {
              action: `${path}/unmap`,
              label: words.unmap,
              about: `${outsideGroup}, ${title}`,
              fields: { outsideGroup, group },
            }),
          ]),
        })
  return panel(
    words.mappingTitle,
    html`<p>${words.mappingLead}</p>
      ${list} ${!asksForGroups(provider) && html`<p class="note">${words.mappingNotAsked[provider.kind]}</p>`}
      ${visit.access.groups.length === 0 ? html`<p class="note">${words.mappingNoGroups}</p>` : addForm(visit, provider, path, mistakes)}`,
    'mapping',
  )
}

function asksForGroups(provider: Provider): boolean {
  return provider.kind === 'ldap' ? provider.settings.groups.baseDn !== '' : provider.settings.groupsClaim !== ''
}

function addForm(visit: Visit, { kind }: Provider, path: string, mistakes: Readonly<Record<string, string>>): Html {
  const words = visit.words.providers
  const fields = form(visit, {
    action: `${path}/map`,
    submit: words.map,
    tone: 'quiet',
    fields: [
      textField({
        name: 'outsideGroup',
        label: words.outsideGroup,
        hint: words.outsideGroupHint[kind],
        required: true,
        maxLength: 500,
        value: line(visit.form, 'outsideGroup'),
        mistake: mistakes['outsideGroup'],
      }),
      selectField({
        name: 'group',
        label: words.trustGroup,
        options: visit.access.groups.map(({ name, title }) => [name, title] as const),
        value: line(visit.form, 'group'),
        mistake: mistakes['group'],
      }),
    ],
  })
  return html`<h3>${words.mapTitle}</h3>
    ${fields}`
}
