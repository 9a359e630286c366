import type { FeedPage, Intake } from '../../federation/ports.ts'
import { audienceOf } from '../../policies/audience.ts'
import { release } from '../../policies/release.ts'
import { labelOfRank } from '../../policies/tlp.ts'
import type { Context } from '../context.ts'
import { type Arrival, planAppend, type Step } from '../storage/append-plan.ts'
import { standingOf } from '../storage/append-releases.ts'
import { objectsOf } from './copy-intake.ts'
import { envelopeOf } from './import-batch.ts'
import type { IntakeTarget } from './import-lane.ts'
import type { IntakeTally } from './import-tally.ts'
import type { ParsedObject } from './parse-envelope.ts'
import { hasSameValue } from './same-value.ts'

/** Counts what a copy would bring, page by page, and stores nothing: every object is parsed, released and compared. */
export class CopyRehearsal implements Intake {
  readonly #context: Context
  readonly #to: IntakeTarget
  readonly #tally: IntakeTally

  constructor(context: Context, to: IntakeTarget, tally: IntakeTally) {
    this.#context = context
    this.#to = to
    this.#tally = tally
  }

  async take({ envelope }: FeedPage): Promise<void> {
    const { collection } = this.#to
    const entries = objectsOf(envelope, this.#tally)
    if (entries.length === 0) return
    const parsed = await this.#context.parser.parse(envelopeOf(entries), labelOfRank(collection.defaultLabel))
    const placeOf = (index: number) => entries[index]?.place ?? { line: 1, pointer: '' }
    if (!parsed.envelope.ok) {
      // a real run would halve the page; a rehearsal says only that there is something wrong with it
      const { code: rule, message } = parsed.envelope
      for (const { place } of entries) this.#tally.refuse({ ...place, ...UNNAMED, rule, message })
      return
    }
    for (const refused of parsed.envelope.refused) {
      this.#tally.note({ ...refused, result: 'refused' }, placeOf(refused.index))
    }
    const audience = audienceOf(collection.id, labelOfRank(collection.ceiling))
    const arrivals: ParsedObject[] = []
    for (const object of parsed.envelope.objects) {
      const verdict = release({ body: object, label: labelOfRank(object.labelRank) }, audience)
      if (verdict.ok) arrivals.push(object)
      else {
        const { rule, message } = verdict.reason
        const { index, stixId: id, version = 'unknown' } = object
        this.#tally.note({ index, id, version, result: 'refused', rule, message }, placeOf(index))
      }
    }
    const steps = await this.#plan(arrivals)
    for (const [at, object] of arrivals.entries()) {
      const { index, stixId: id, version = 'unknown' } = object
      const step = steps[at]
      const bytesOf = (arrival: ParsedObject | undefined) =>
        Buffer.from(parsed.bytes.subarray(arrival?.start, arrival?.end)).toString()
      if (step?.kind === 'add') this.#tally.note({ index, id, result: 'added' }, placeOf(index))
      else if (
        step?.kind === 'conflict' &&
        !hasSameValue(
          bytesOf(object),
          rivalOf(step, (no) => bytesOf(arrivals[no])),
        )
      ) {
        const message = 'rule conflict: this version is stored with other content, which stays (STIX 2.1 §3.6)'
        this.#tally.note({ index, id, version, result: 'refused', rule: 'conflict', message }, placeOf(index))
      } else this.#tally.note({ index, id, result: 'known' }, placeOf(index))
    }
  }

  async drain(): Promise<void> {}

  async settle(): Promise<void> {}

  async #plan(arrivals: readonly Arrival[]): Promise<readonly Step[]> {
    if (arrivals.length === 0) return []
    const { collectionNo } = this.#to.collection
    const standing = await this.#context.database.transaction((trx) => standingOf(trx, collectionNo, arrivals))
    return planAppend(arrivals, standing).steps
  }
}

const UNNAMED = { id: 'unknown', version: 'unknown' }

function rivalOf({ rival }: Step & { kind: 'conflict' }, bodyOf: (arrival: number) => string): string {
  return 'body' in rival ? rival.body : bodyOf(rival.arrival)
}
