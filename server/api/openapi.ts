import type { TObject, TSchema } from 'typebox'
import { ruleOf } from '../../policies/roles.ts'
import { programVersion } from '../backup/program-version.ts'
import { PROBLEM } from './answer-problem.ts'
import type { Endpoint } from './endpoint.ts'

/** What the answers of refusal mean; each endpoint can give those that fit it. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The call does not fit: the title names the field.',
  401: 'No credentials, or none that are known.',
  403: 'Your roles, or the scope of the token, do not permit it.',
  404: 'Not there, or not for you: both give the same bytes.',
  409: 'It cannot be true beside what is there.',
  413: 'The body is larger than 64 KiB.',
  415: 'The body is not application/json.',
  429: 'Too many attempts: come back after Retry-After.',
  503: 'The database is away: send the same call again.',
}

/** The OpenAPI 3.1 document of a set of endpoints, made from the schemas that check them. */
export function openApi(endpoints: readonly Endpoint[], root: string) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const endpoint of endpoints) {
    const item = (paths[endpoint.path] ??= {})
    item[endpoint.method.toLowerCase()] = operationOf(endpoint)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vouchsafe',
      version: programVersion(),
      description:
        'The portal as an API, for scripts. STIX objects are exchanged by TAXII 2.1, not here. Nothing is answered that ' +
        'the same account would not see in the portal.',
    },
    servers: [{ url: root }],
    security: [{ token: [] }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token with the scope api:read, and api:write for what changes something.',
        },
      },
      schemas: { Problem: plain(PROBLEM) },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          `Refused${status}`,
          {
            description,
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  }
}

function operationOf(endpoint: Endpoint) {
  const { status, resultSchema, bodySchema, permission } = endpoint
  const success = {
    description: resultSchema ? 'Done.' : 'Done; there is nothing to say.',
    ...(resultSchema && { content: { 'application/json': { schema: plain(resultSchema) } } }),
  }
  const refusals = Object.keys(REFUSALS).map((code) => [code, { $ref: `#/components/responses/Refused${code}` }])
  return {
    operationId: operationIdOf(endpoint),
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: [endpoint.details, `Permission: ${ruleOf(permission).meaning} (${permission}).`]
      .filter(Boolean)
      .join('\n\n'),
    'x-permission': permission,
    parameters: [...parametersOf(endpoint.pathSchema, 'path'), ...parametersOf(endpoint.querySchema, 'query')],
    ...(bodySchema && {
      requestBody: { required: true, content: { 'application/json': { schema: plain(bodySchema) } } },
    }),
    responses: { [status]: success, ...Object.fromEntries(refusals) },
  }
}

/** `GET /groups/{group}/members` is `get_groups_group_members`. */
export function operationIdOf({ method, path }: Pick<Endpoint, 'method' | 'path'>): string {
  return `${method.toLowerCase()}${path.replaceAll(/[^a-z]+/g, '_').replace(/_$/, '')}`
}

function parametersOf(schema: TObject, place: 'path' | 'query') {
  const required: readonly string[] = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: plain(property),
  }))
}

/** A schema as plain JSON, without what only the checker uses. */
function plain(schema: TSchema): unknown {
  return JSON.parse(JSON.stringify(schema))
}
