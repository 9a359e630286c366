import { every, isNameCharacter } from './characters.ts'
import type { ObjectRule } from './fields.ts'
import { isObjectType } from './identifier.ts'
import { OBSERVABLES } from './observables.ts'
import { parsePattern } from './pattern/parser.ts'
import type { ObjectPath } from './pattern/tree.ts'
import { objectPathsOf } from './pattern/walk.ts'
import type { Report } from './report.ts'
import type { Table } from './table.ts'

const TABLES: ReadonlyMap<string, Table> = new Map(Object.values(OBSERVABLES).map(({ type, table }) => [type, table]))

/** A STIX pattern parses, and the objects and properties that it speaks of have possible names (STIX 2.1 §4.7, §9). */
export const checkPattern: ObjectRule = (indicator, report) => {
  const { pattern, pattern_type: type } = indicator
  if (type !== 'stix' || typeof pattern !== 'string') return
  const result = parsePattern(pattern)
  report.enter('pattern')
  if (result.ok) for (const path of objectPathsOf(result.pattern)) checkPath(path, report)
  else {
    for (const problem of result.problems) {
      report.problem(
        'pattern',
        `has a fault at character ${problem.start + 1} (${problem.rule}): ${withoutStop(problem.message)}`,
      )
    }
  }
  report.leave()
}

function withoutStop(sentence: string): string {
  return sentence.endsWith('.') ? sentence.slice(0, -1) : sentence
}

function checkPath(path: ObjectPath, report: Report): void {
  const table = TABLES.get(path.type)
  if (table === undefined) {
    if (!isObjectType(path.type)) report.problem('pattern', 'must name object types of a-z, 0-9 and hyphen: correct it')
    else if (!path.type.startsWith('x-')) {
      report.warning(
        'pattern-name',
        'should speak of object types of the standard: correct it, or start the type with x-',
      )
    }
    return
  }
  const first = path.steps[0]
  if (first?.kind !== 'key' || table.checks.has(first.name)) return
  if (first.name.length < 3 || first.name.length > 250 || !every(first.name, isNameCharacter)) {
    report.problem('pattern', 'must name properties of a-z, 0-9 and underscore: correct it')
  } else if (!first.name.startsWith('x_')) {
    report.warning(
      'pattern-name',
      'should speak of properties of the standard: correct it, or start the property with x_',
    )
  }
}
