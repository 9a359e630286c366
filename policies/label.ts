import { tlpOf } from 'stix2-ts'
import { join, type Tlp } from './tlp.ts'

/** The parts of a STIX object that say how far it may go. */
export interface Marked {
  readonly object_marking_refs?: readonly string[]
  readonly granular_markings?: readonly { readonly marking_ref?: string }[]
}

/**
 * The label of a whole object: the join of every TLP marking on it, object-wide or granular, by fixed id only; the
 * default when it carries none. Statement markings are carried and are no label here.
 */
export function labelOf(object: Marked, unmarked: Tlp): Tlp {
  let label: Tlp | undefined
  for (const id of object.object_marking_refs ?? []) label = raised(label, tlpOf(id))
  for (const marking of object.granular_markings ?? []) {
    if (marking.marking_ref !== undefined) label = raised(label, tlpOf(marking.marking_ref))
  }
  return label ?? unmarked
}

function raised(label: Tlp | undefined, next: Tlp | undefined): Tlp | undefined {
  if (!next) return label
  return label ? join(label, next) : next
}
