import type { Budget } from './budget.ts'

/**
 * A test for LIKE (STIX 2.1 §9.6.1): `%` stands for any characters, `_` for one, the whole value must match, both
 * sides in NFC. Goes back to the last `%` only, so the cost is at most pattern times value and is charged.
 */
export function likeTest(pattern: string): (text: string, budget: Budget) => boolean {
  const wanted = Array.from(pattern.normalize('NFC'))
  return (text, budget) => {
    budget.spend(text.length >> 3)
    return isLike(Array.from(text.normalize('NFC')), wanted, budget)
  }
}

function isLike(text: readonly string[], wanted: readonly string[], budget: Budget): boolean {
  let at = 0
  let position = 0
  let afterPercent = -1
  let resumeAt = 0
  let steps = 0
  while (at < text.length) {
    // A step here is far below the 100 ns of the budget.
    if ((++steps & 15) === 0) budget.spend(1)
    const sign = wanted[position]
    if (sign === '%') {
      afterPercent = ++position
      resumeAt = at
    } else if (sign !== undefined && (sign === '_' || sign === text[at])) {
      at++
      position++
    } else if (afterPercent !== -1) {
      position = afterPercent
      at = ++resumeAt
    } else return false
  }
  while (wanted[position] === '%') position++
  return position === wanted.length
}
