/**
 * The little of the metadata proposal that the certificate package asks for when it is loaded. It keeps the tests free of
 * one more package.
 */
const metadata = new WeakMap<object, Map<unknown, unknown>>()

function own(key: unknown, target: object): unknown {
  return metadata.get(target)?.get(key)
}

function inherited(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Reflect.getPrototypeOf(at)) {
    if (metadata.get(at)?.has(key)) return own(key, at)
  }
  return undefined
}

function define(key: unknown, value: unknown, target: object): void {
  const entries = metadata.get(target) ?? new Map<unknown, unknown>()
  metadata.set(target, entries.set(key, value))
}

Object.assign(Reflect, { getMetadata: inherited, getOwnMetadata: own, defineMetadata: define })
