import type { Identifier } from './identifier.ts'

/** FIRST TLP 2.0 labels, least confidential first. */
export const TLP_LABELS = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const

/** A TLP 2.0 label. */
export type TlpLabel = (typeof TLP_LABELS)[number]

/** The extension definition that TLP 2.0 markings belong to. */
export const TLP2_EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d'

const TLP1_CREATED = '2017-01-20T00:00:00.000Z'
const TLP2_CREATED = '2022-10-01T00:00:00.000Z'

function tlp1<const L extends string>(level: L, uuid: string) {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: `marking-definition--${uuid}`,
    created: TLP1_CREATED,
    definition_type: 'tlp',
    name: `TLP:${level.toUpperCase()}`,
    definition: { tlp: level },
  } as const
}

function tlp2<const L extends string>(level: L, uuid: string) {
  return {
    type: 'marking-definition',
    spec_version: '2.1',
    id: `marking-definition--${uuid}`,
    created: TLP2_CREATED,
    name: `TLP:${level.toUpperCase()}`,
    extensions: { [TLP2_EXTENSION]: { extension_type: 'property-extension', tlp_2_0: level } },
  } as const
}

/** The four TLP 1 marking definitions as the standard fixes them (STIX 2.1 §7.2.1.4). */
export const TLP1 = {
  white: tlp1('white', '613f2e26-407d-48c7-9eca-b8e91df99dc9'),
  green: tlp1('green', '34098fce-860f-48ae-8e50-ebd3cc5e41da'),
  amber: tlp1('amber', 'f88d31f6-486f-44da-b317-01333bde0b82'),
  red: tlp1('red', '5e57c739-391a-4eb3-b6be-7d15ca92d5ed'),
} as const

/** The five TLP 2.0 marking definitions of the OASIS common object repository. */
export const TLP2 = {
  clear: tlp2('clear', '94868c89-83c2-464b-929b-a1a8aa3c8487'),
  green: tlp2('green', 'bab4a63c-aed9-4cf5-a766-dfca5abac2bb'),
  amber: tlp2('amber', '55d920b0-5e8b-4f79-9ee9-91f868d9b421'),
  'amber+strict': tlp2('amber+strict', '939a9414-2ddd-4d32-a0cd-375ea402b003'),
  red: tlp2('red', 'e828b379-4e03-4974-9ac4-e53a884c97c1'),
} as const

/** One of the nine fixed TLP marking definitions. */
export type TlpMarking = (typeof TLP1)[keyof typeof TLP1] | (typeof TLP2)[keyof typeof TLP2]

/** The nine fixed TLP marking definitions by id. */
export const TLP_MARKINGS: ReadonlyMap<string, TlpMarking> = new Map<string, TlpMarking>(
  [...Object.values(TLP1), ...Object.values(TLP2)].map((marking) => [marking.id, marking]),
)

/** The ids of the nine fixed TLP marking definitions. */
export const TLP_MARKING_IDS: readonly Identifier<'marking-definition'>[] = [...TLP_MARKINGS.values()].map(
  ({ id }) => id,
)

const LABELS: ReadonlyMap<string, TlpLabel> = new Map<string, TlpLabel>([
  [TLP1.white.id, 'TLP:CLEAR'],
  [TLP1.green.id, 'TLP:GREEN'],
  [TLP1.amber.id, 'TLP:AMBER'],
  [TLP1.red.id, 'TLP:RED'],
  [TLP2.clear.id, 'TLP:CLEAR'],
  [TLP2.green.id, 'TLP:GREEN'],
  [TLP2.amber.id, 'TLP:AMBER'],
  [TLP2['amber+strict'].id, 'TLP:AMBER+STRICT'],
  [TLP2.red.id, 'TLP:RED'],
])

/**
 * The TLP label of a marking, decided by its id alone: what a marking definition says of itself proves nothing. TLP 1 WHITE
 * is TLP:CLEAR. UUIDs compare without case (RFC 4122 §3).
 * @returns undefined for any other marking
 */
export function tlpOf(markingId: string): TlpLabel | undefined {
  return LABELS.get(markingId) ?? LABELS.get(markingId.length === 56 ? markingId.toLowerCase() : '')
}
