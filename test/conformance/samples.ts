import { randomUUID } from 'node:crypto'
import { observableId } from 'stix2-ts'

/** An identity (STIX 2.1 §4.5): the smallest object with versions. */
export function identity(set: Readonly<Record<string, unknown>> = {}) {
  const created = '2026-01-01T00:00:00.000Z'
  const id = `identity--${randomUUID()}`
  const modified = created
  return { type: 'identity', spec_version: '2.1', id, created, modified, name: 'Harbour desk', ...set }
}

/** Several identities, named 1, 2, 3 and so on. */
export function identities(count: number) {
  return Array.from({ length: count }, (_, index) => identity({ name: String(index + 1) }))
}

/** An indicator (STIX 2.1 §4.7). */
export function indicator(set: Readonly<Record<string, unknown>> = {}) {
  const moment = '2026-01-02T00:00:00.000Z'
  return {
    type: 'indicator',
    spec_version: '2.1',
    id: `indicator--${randomUUID()}`,
    created: moment,
    modified: moment,
    pattern: "[domain-name:value = 'tide.example']",
    pattern_type: 'stix',
    valid_from: moment,
    ...set,
  }
}

/** A cyber-observable without spec_version, created and modified, as most senders write it (STIX 2.1 §3.1). */
export function address(value: string) {
  const content = { type: 'ipv4-addr', value }
  return { ...content, id: String(observableId(content)) }
}

/** A marking of a statement (STIX 2.1 §7.2): it has `created`, but no `modified`. */
export function statement(created = '2026-01-03T00:00:00.000Z') {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: `marking-definition--${randomUUID()}`,
    created,
    definition_type: 'statement',
    definition: { statement: 'For the region only' },
  }
}

/** The id of an object that is nowhere. */
export function absentId(): string {
  return `indicator--${randomUUID()}`
}
