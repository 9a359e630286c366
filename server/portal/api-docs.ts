import { ruleOf } from '../../policies/roles.ts'
import { baseUrl } from '../admin/base-url.ts'
import type { Endpoint } from '../api/endpoint.ts'
import { ENDPOINTS } from '../api/endpoints.ts'
import { openApi, operationIdOf } from '../api/openapi.ts'
import { API_ROOT } from '../api/root.ts'
import { type PlainSchema, schemaRows } from '../api/schema-rows.ts'
import { page } from './answer.ts'
import { panel } from './components/panel.ts'
import { table } from './components/table.ts'
import { type Html, html } from './html.ts'
import { open, type Route } from './route.ts'
import type { Words } from './words/words.ts'

/** The API for people: made from the same schemas that check it, and shown without any script. */
export const apiDocsRoutes: readonly Route[] = [
  open.get('/api/docs', (visit) => {
    const words = visit.words.apiDocs
    const tags = Map.groupBy(ENDPOINTS, ({ tag }) => tag)
    return page(
      words.title,
      html`<h1>${words.title}</h1>
        <p>${words.intro}</p>
        ${panel(
          words.howTo,
          html`<p>${words.howToText}</p>
            <pre><code>curl -H "Authorization: Bearer vs_..." ${baseUrl(visit.context)}${API_ROOT}/self</code></pre>
            <p><a href="/api/openapi.json">${words.document}</a></p>`,
        )}
        ${panel(
          words.contents,
          html`<ul>
            ${ENDPOINTS.map(
              (each) =>
                html`<li>
                  <a href="#${operationIdOf(each)}"><code>${each.method} ${each.path}</code></a> ${each.summary}
                </li>`,
            )}
          </ul>`,
        )}
        ${[...tags].map(([tag, endpoints]) =>
          panel(
            tag,
            endpoints.map((each) => endpointPart(words, each)),
          ),
        )}
        ${panel(words.refusals, refusals(words))}`,
    )
  }),
]

function endpointPart(words: Words['apiDocs'], endpoint: Endpoint): Html {
  const { method, path, summary, details, permission, status, resultSchema, bodySchema } = endpoint
  return html`<article id="${operationIdOf(endpoint)}">
    <h3><code>${method} ${API_ROOT}${path}</code></h3>
    <p>${summary}. ${details}</p>
    <p>${words.permission}: ${ruleOf(permission).meaning}</p>
    ${fields(words, words.path, endpoint.pathSchema)} ${fields(words, words.query, endpoint.querySchema)}
    ${bodySchema && fields(words, words.body, bodySchema)}
    ${resultSchema ? fields(words, words.answer(status), resultSchema) : html`<p>${words.noAnswer}</p>`}
  </article>`
}

function fields(words: Words['apiDocs'], caption: string, schema: object): Html | undefined {
  const rows = schemaRows(plain(schema))
  if (rows.length === 0) return undefined
  return table({
    caption,
    columns: [{ label: words.field }, { label: words.type }, { label: words.meaning }],
    rows: rows.map((row) => [
      html`<code>${row.name}</code>`,
      row.required ? row.type : `${row.type}, ${words.optional}`,
      row.meaning,
    ]),
  })
}

function refusals(words: Words['apiDocs']): Html {
  const { responses } = openApi(ENDPOINTS, API_ROOT).components
  return html`<p>${words.refusalsText}</p>
    ${table({
      caption: words.refusals,
      columns: [{ label: words.status }, { label: words.meaning }],
      rows: Object.entries(responses).map(([name, { description }]) => [name.replace('Refused', ''), description]),
    })}`
}

function plain(schema: object): PlainSchema {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own schemas use these parts of JSON Schema only
  return JSON.parse(JSON.stringify(schema)) as PlainSchema
}
