import type { Report } from './report.ts'

/** Looks at one value and reports what is wrong with it. */
type Check = (value: unknown, report: Report) => void

declare const described: unique symbol

/** One line of a table of properties: how a value is checked, and the type it then has. */
export interface Field<T> {
  readonly check: Check
  /** Only for the type checker: no value has it. */
  readonly [described]?: T
}

/** A property that must be present. */
export interface RequiredField<T> extends Field<T> {
  readonly required: true
}

/** A table of properties by name. */
export type Properties = Readonly<Record<string, Field<unknown>>>

/** The type of a value that passes the check of a field. */
export type ValueOf<F> = F extends Field<infer T> ? T : never

type RequiredNames<P extends Properties> = {
  [K in keyof P]: P[K] extends RequiredField<unknown> ? K : never
}[keyof P]

type Flatten<T> = { readonly [K in keyof T]: T[K] }

/** The type of an object that passes the checks of a table. */
export type ShapeOf<P extends Properties> = Flatten<
  { [K in RequiredNames<P>]: ValueOf<P[K]> } & { [K in Exclude<keyof P, RequiredNames<P>>]?: ValueOf<P[K]> }
>

/** A table made ready for checking. */
export interface Table {
  readonly checks: ReadonlyMap<string, Check>
  readonly required: readonly string[]
}

/** What to do with a property that the table does not know. */
export type UnknownProperty = (name: string, value: unknown, report: Report, object: JsonObject) => void

/** A JSON object whose properties have not been looked at. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Marks a field as required. */
export function required<T>(field: Field<T>): RequiredField<T> {
  return { ...field, required: true }
}

/** Prepares a table once, when its definition is loaded. */
export function compile(properties: Properties): Table {
  const checks = new Map<string, Check>()
  const names: string[] = []
  for (const [name, field] of Object.entries(properties)) {
    checks.set(name, field.check)
    if ('required' in field) names.push(name)
  }
  return { checks, required: names }
}

/** Checks each property of an object by its table. This loop is the hot path of the package. */
export function checkTable(table: Table, object: JsonObject, report: Report, unknownProperty: UnknownProperty): void {
  for (const name of Object.keys(object)) {
    const value = object[name]
    const check = table.checks.get(name)
    report.enter(name)
    if (check === undefined) unknownProperty(name, value, report, object)
    else check(value, report)
    report.leave()
  }
  for (const name of table.required) {
    if (object[name] === undefined) report.problemAt(name, 'required', 'is required: add it')
  }
}

/** True for what JSON calls an object: neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
