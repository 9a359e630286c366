import fc from 'fast-check'

/** A JSON value that remembers how it is written: an object is a list of members, so that a key may stand twice. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: Key, value: Node])[] }

/** A key as it is meant and as it is written. */
export interface Key {
  readonly name: string
  readonly text: string
}

const NAMES = ['a', 'b', 'objects', 'é', '', '"', '\\', '/', 'constructor', 'toString']

/** A few names, in several spellings each, so that twins meet. */
function keys(): fc.Arbitrary<Key> {
  return fc.tuple(fc.constantFrom(...NAMES), fc.boolean()).map(([name, isEscaped]) => ({
    name,
    text: isEscaped ? `"${Array.from(name, escaped).join('')}"` : JSON.stringify(name),
  }))
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Any JSON value with its way of writing. */
export function nodes(): fc.Arbitrary<Node> {
  const scalars = fc.oneof(
    fc.constantFrom('1', '-0', '1.50', '1e400', 'null', 'true', '"]"', '"}"', '"\\""', '"\\\\"', '"{"', '","', '":"'),
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text.toWellFormed())),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => JSON.stringify(value)),
  )
  return fc.letrec<{ node: Node }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalars.map((text): Node => ({ kind: 'text', text })),
      fc.array(tie('node'), { maxLength: 4 }).map((items): Node => ({ kind: 'list', items })),
      fc.array(fc.tuple(keys(), tie('node')), { maxLength: 4 }).map((members): Node => ({ kind: 'object', members })),
    ),
  })).node
}

/** The text of a node, with blanks where JSON allows them. */
export function write(node: Node, blank: () => string): string {
  if (node.kind === 'text') return node.text
  if (node.kind === 'list') return `[${node.items.map((item) => blank() + write(item, blank) + blank()).join()}]`
  const members = node.members.map(
    ([key, value]) => `${blank()}${key.text}${blank()}:${blank()}${write(value, blank)}${blank()}`,
  )
  return `{${members.join()}}`
}

/** Whether a key stands twice in an object of the node. */
export function hasDouble(node: Node): boolean {
  if (node.kind === 'text') return false
  if (node.kind === 'list') return node.items.some(hasDouble)
  const names = node.members.map(([key]) => key.name)
  return new Set(names).size < names.length || node.members.some(([, value]) => hasDouble(value))
}

/** The value that a node without double keys means, with the stand-ins that keys have for what must be escaped. */
export function plain(node: Node): unknown {
  if (node.kind === 'text') return JSON.parse(node.text)
  if (node.kind === 'list') return node.items.map(plain)
  return Object.fromEntries(node.members.map(([key, value]) => [standIns(key), plain(value)]))
}

function standIns({ name, text }: Key): string {
  return text.includes('\\') ? name.replaceAll('"', '\ue022').replaceAll('\\', '\ue05c') : name
}
