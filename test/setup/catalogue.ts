/** A text of the catalogue with the way to it; a text with values is asked with marks that no text has. */
export interface Text {
  readonly key: string
  readonly text: string
}

/** Stands for every value, so that what is around it can be compared. */
export const VALUE = '\u0001'

/** Every text of a section of the catalogue, or of all of it. */
export function textsOf(section: unknown, key = ''): readonly Text[] {
  if (typeof section === 'string') return [{ key, text: section }]
  if (typeof section === 'function') {
    const say = section as (...values: readonly unknown[]) => unknown
    return [1, 2].map((count) => ({
      key: `${key}(${count})`,
      text: saidWith(say, count),
    }))
  }
  return Object.entries(section as object).flatMap(([name, inner]) =>
    textsOf(inner, key === '' ? name : `${key}.${name}`),
  )
}

/** Counts want numbers and names want text: a text that cannot use the one is asked with the other. */
function saidWith(say: (...values: readonly unknown[]) => unknown, count: number): string {
  try {
    return String(say(...Array.from({ length: say.length }, () => VALUE)))
  } catch {
    return String(say(...Array.from({ length: say.length }, () => count)))
  }
}
