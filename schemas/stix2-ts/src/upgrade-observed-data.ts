import { observableId, uuidFromHash } from './observable-id.ts'
import { DEFINITIONS } from './object.ts'
import { isJsonObject } from './table.ts'
import type { JsonObject } from './table.ts'
import { markingsOf, raiseMarkings } from './upgrade-markings.ts'
import { upgradeObservable } from './upgrade-observable.ts'

/** Longer chains of archives in archives end in an id that is not made from the content. */
const MAX_CHAIN = 32

/** Where the ids of observables without contributing properties come from. */
const RANDOM_FORM_NAMESPACE = Buffer.from('stix2-ts upgrade of observed-data')

/**
 * Splits an observed-data of STIX 2.0 into one of STIX 2.1 and its observables. Each observable has the markings of the
 * whole, because it was part of it. Two that get the same id become one; the first wins where they differ.
 */
export function upgradeObservedData(observed: JsonObject, container: JsonObject): readonly unknown[] {
  const { objects: _objects, ...rest } = raiseMarkings(observed, ['objects'])
  const upgraded: Record<string, unknown> = { ...rest, spec_version: '2.1' }
  const markings = markingsOf(upgraded)
  const ids = new Ids(String(observed['id']), container)
  const observables = new Map<string, JsonObject>()
  for (const key of Object.keys(container)) {
    const object = ids.objects.get(key)
    if (object === undefined) continue
    const id = ids.of(key)
    const resolved = ids.resolve(object, 'object')
    const whole = { ...(isJsonObject(resolved) ? resolved : {}), id, spec_version: '2.1' }
    const marked = markings.length > 0 ? { ...whole, object_marking_refs: [...markings] } : whole
    observables.set(id, { ...marked, ...observables.get(id) })
  }
  // an entry that is no object is handed on, so that its own check names what is wrong
  const strays = Object.values(container).filter((entry) => !isJsonObject(entry))
  const refs: readonly unknown[] = Array.isArray(rest['object_refs']) ? rest['object_refs'] : []
  return [{ ...upgraded, object_refs: [...refs, ...observables.keys()] }, ...observables.values(), ...strays]
}

/** The ids of the objects of one container, made when they are asked for. */
class Ids {
  readonly objects: ReadonlyMap<string, JsonObject>
  readonly #observedId: string
  readonly #ids = new Map<string, string>()
  #chain = 0

  constructor(observedId: string, container: JsonObject) {
    this.#observedId = observedId
    const objects = new Map<string, JsonObject>()
    for (const [key, object] of Object.entries(container))
      if (isJsonObject(object)) objects.set(key, upgradeObservable(object))
    this.objects = objects
  }

  of(key: string): string {
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const type = String(this.objects.get(key)?.['type'])
    // set before the content is read: a circle of references ends here
    const fallback = `${type}--${uuidFromHash('sha256', 4, RANDOM_FORM_NAMESPACE, `${this.#observedId} ${key}`)}`
    this.#ids.set(key, fallback)
    if (this.#chain >= MAX_CHAIN) return fallback
    this.#chain++
    const id = this.#fromContent(key, type) ?? fallback
    this.#chain--
    this.#ids.set(key, id)
    return id
  }

  #fromContent(key: string, type: string): string | undefined {
    const object = this.objects.get(key)
    const contributing = DEFINITIONS.get(type)?.contributing
    if (object === undefined || contributing === undefined) return undefined
    const present: Record<string, unknown> = {}
    for (const name of contributing) if (object[name] !== undefined) present[name] = this.resolve(object[name], name)
    return observableId({ ...present, type })
  }

  /** Replaces the keys of the container by ids in every property whose name ends in _ref or _refs. */
  resolve(value: unknown, name: string): unknown {
    if (Array.isArray(value)) return value.map((entry: unknown) => this.resolve(entry, name))
    if (isJsonObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([inner, entry]) => [inner, this.resolve(entry, inner)]))
    }
    const isReference = name.endsWith('_ref') || name.endsWith('_refs')
    return isReference && typeof value === 'string' && this.objects.has(value) ? this.of(value) : value
  }
}
