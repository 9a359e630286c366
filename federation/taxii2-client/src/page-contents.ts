import { TaxiiClientError } from './errors.ts'
import { readEnvelopeFrame } from './envelope-frame.ts'
import { Shape, parseJson } from './json-shape.ts'
import type { Content, Page } from './pages.ts'
import { readList, readManifestRecord } from './resources.ts'
import type { Listed, ManifestRecord } from './resources.ts'

/** A page of an envelope with its objects as JSON.parse made them; nothing in them is checked. */
export interface ObjectsPage extends Page {
  readonly objects: readonly unknown[]
}

/** A page of a manifest. Records that could not be read are problems; `raw` still has them. */
export interface ManifestPage extends Page {
  readonly records: readonly ManifestRecord[]
  readonly problems: readonly TaxiiClientError[]
}

/** A page of the versions of one object (TAXII 2.1 §5.8). */
export interface VersionsPage extends Page {
  readonly versions: readonly string[]
}

/** @throws {TaxiiClientError} `not-json`, `bad-resource` */
export function readEnvelope(raw: Buffer): Content & { readonly objects: readonly unknown[] } {
  const shape = new Shape(parseJson(raw), '')
  const objects = shape.list('objects')
  return { ...framing(shape, objects.length === 0), objects }
}

/** The framing of an envelope only. @throws {TaxiiClientError} `not-json`, `bad-resource` */
export function readEnvelopeUnparsed(raw: Buffer): Content {
  const { isEmpty, ...frame } = readEnvelopeFrame(raw)
  return framing(new Shape(frame, ''), isEmpty)
}

/** @throws {TaxiiClientError} `not-json`, `bad-resource` */
export function readManifest(raw: Buffer): Content & { readonly listed: Listed<ManifestRecord> } {
  const shape = new Shape(parseJson(raw), '')
  const objects = shape.list('objects')
  return { ...framing(shape, objects.length === 0), listed: readList(objects, '/objects', readManifestRecord) }
}

/** @throws {TaxiiClientError} `not-json`, `bad-resource` */
export function readVersions(raw: Buffer): Content & { readonly versions: readonly string[] } {
  const shape = new Shape(parseJson(raw), '')
  const versions = shape.texts('versions')
  return { ...framing(shape, versions.length === 0), versions }
}

function framing(shape: Shape, isEmpty: boolean): Content {
  return { more: shape.optionalFlag('more'), next: shape.optionalText('next'), isEmpty }
}
