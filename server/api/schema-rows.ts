/** One field of a schema, for people. */
export interface SchemaRow {
  /** With dots and `[]` for what is inside: `groups[].name`. */
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly meaning: string
}

/** The parts of JSON Schema that our schemas use. */
export interface PlainSchema {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly PlainSchema[]
  readonly properties?: Readonly<Record<string, PlainSchema>>
  readonly required?: readonly string[]
  readonly items?: PlainSchema
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** The fields of a schema, those inside others after them. */
export function schemaRows(schema: PlainSchema, prefix = ''): readonly SchemaRow[] {
  if (schema.type === 'array' && schema.items) return schemaRows(schema.items, `${prefix}[]`)
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`
    const row = {
      name,
      type: typeOf(property),
      required: schema.required?.includes(key) ?? false,
      meaning: property.description ?? '',
    }
    return [row, ...schemaRows(property, name)]
  })
}

function typeOf(schema: PlainSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'values'}`
  const bounds = [
    boundsOf(schema.minLength, schema.maxLength, ' characters'),
    boundsOf(schema.minimum, schema.maximum, ''),
  ].filter((each) => each !== '')
  return [schema.type ?? 'value', ...bounds].join(', ')
}

function boundsOf(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return ''
  if (most === undefined) return `at least ${least}${unit}`
  return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`
}
