import assert from 'node:assert/strict'
import type { Body } from './exchange.ts'

/** What the standard says of a resource: names that must be there, and names that may. */
interface Shape {
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

const STATUS: Shape = {
  required: ['id', 'status', 'total_count', 'success_count', 'failure_count', 'pending_count'],
  optional: ['request_timestamp', 'successes', 'failures', 'pendings'],
}
const COLLECTION: Shape = {
  required: ['id', 'title', 'can_read', 'can_write'],
  optional: ['description', 'alias', 'media_types'],
}
const RECORD: Shape = { required: ['id', 'date_added', 'version'], optional: ['media_type'] }
const ENVELOPE: Shape = { required: [], optional: ['more', 'next', 'objects'] }
const ERROR: Shape = {
  required: ['title'],
  optional: ['description', 'error_id', 'error_code', 'http_status', 'external_details', 'details'],
}

/** By the first word of what was asked for, longest first. */
const SHAPES: readonly (readonly [RegExp, Shape])[] = [
  [/^status/, STATUS],
  [/^discovery/, { required: ['title'], optional: ['description', 'contact', 'default', 'api_roots'] }],
  [/^root/, { required: ['title', 'versions', 'max_content_length'], optional: ['description'] }],
  [/^collections/, { required: [], optional: ['collections'] }],
  [/^collection$/, COLLECTION],
  [/versions\//, { required: [], optional: ['more', 'next', 'versions'] }],
  [/objects|manifest/, ENVELOPE],
]

/**
 * Asserts that a body has the properties of TAXII 2.1 §4 and §5 and no others but `x_` ones (§7.1).
 * @param what begins with the name of the resource
 * @param check whether the required properties are looked for
 */
export function mustBeResource(what: string, body: Body, check: { readonly required: boolean }): void {
  const found = SHAPES.find(([pattern]) => pattern.test(what))
  if (found) mustHaveShape(body, found[1], what, check.required)
  for (const item of body.collections ?? []) mustHaveShape(item, COLLECTION, what, check.required)
  if (what.includes('manifest')) {
    for (const item of body.objects ?? []) mustHaveShape(item, RECORD, what, check.required)
  }
  for (const detail of [...(body.successes ?? []), ...(body.failures ?? [])]) {
    mustHaveShape(detail, { required: ['id', 'version'], optional: ['message'] }, what, check.required)
  }
}

/** Asserts that a body is an error message (TAXII 2.1 §3.6.1) of this HTTP status. */
export function mustBeErrorMessage(body: Body, status: number, what: string): void {
  mustHaveShape(body, ERROR, what, true)
  assert.ok(typeof body.title === 'string' && body.title.length > 0, what)
  assert.equal(body.http_status, String(status), what)
  for (const property of ['description', 'error_id', 'error_code', 'external_details'] as const) {
    if (property in body) assert.equal(typeof body[property], 'string', `${what}: ${property}`)
  }
}

function mustHaveShape(value: object, shape: Shape, what: string, required: boolean): void {
  const names = Object.keys(value)
  const unknown = names.filter(
    (name) => !name.startsWith('x_') && ![...shape.required, ...shape.optional].includes(name),
  )
  assert.deepEqual(unknown, [], what)
  if (required)
    assert.deepEqual(
      shape.required.filter((name) => !names.includes(name)),
      [],
      what,
    )
}
