/** FIRST TLP 2.0 labels, least confidential first. The index is the rank that the database keeps. */
export const TLP_LEVELS = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const

/** One of the five labels of TLP 2.0. */
export type Tlp = (typeof TLP_LEVELS)[number]

/** The label of what nobody has marked (redaction on release: unmarked is never public). */
export const UNMARKED: Tlp = 'TLP:AMBER+STRICT'

/** The place of a label in the order of confidentiality: 0 is CLEAR, 4 is RED. */
export function rankOf(label: Tlp): number {
  return TLP_LEVELS.indexOf(label)
}

/**
 * The label with a given rank.
 * @throws {RangeError} when there is no such rank: a stored label that we cannot name must not pass as a low one
 */
export function labelOfRank(rank: number): Tlp {
  const label = TLP_LEVELS[rank]
  if (!label) throw new RangeError(`there is no TLP label of rank ${rank}`)
  return label
}

/** The stricter of two labels. */
export function join(a: Tlp, b: Tlp): Tlp {
  return rankOf(a) >= rankOf(b) ? a : b
}

/** Reads a label as people write it (`green`, `tlp:amber+strict`, `TLP:RED`); undefined when it is none of the five. */
export function parseTlp(text: string): Tlp | undefined {
  const upper = text.trim().toUpperCase()
  const wanted = upper.startsWith('TLP:') ? upper : `TLP:${upper}`
  return TLP_LEVELS.find((label) => label === wanted)
}
