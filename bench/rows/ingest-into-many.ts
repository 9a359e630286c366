import { costOf, costText } from '../cost.ts'
import { copyRows, dumpRows } from '../floors/copy.ts'
import type { Place } from '../place.ts'
import { interleave, medianOf } from '../rounds.ts'
import { postAll, warmUp } from './ingest.ts'
import type { Row } from './row.ts'

const FIRST_SEED = 200_001
const ENVELOPES = 50

/**
 * Issue 2 §6, second line: ingest into a collection that is large already. Floor and candidate work on two copies of the
 * same database; in each round the floor copies the very rows that the candidate has just made.
 */
export const ingestIntoMany: Row = {
  name: 'ingest-into-many',
  async run(bench) {
    const { place, site, objects } = await bench.large()
    const floorPlace = await place.clone()
    const candidatePlace = await place.clone()
    // releases name objects, so the floor needs nothing of what was warmed up in the other collection
    let before = await newest(candidatePlace)
    const measured = await interleave(bench.options.rounds, {
      candidate: async (round) => {
        await using server = await bench.serve(candidatePlace)
        await warmUp(bench, server, site, round)
        await candidatePlace.settle()
        const seeds = Array.from({ length: ENVELOPES }, (_, index) => FIRST_SEED + round * ENVELOPES + index)
        return await postAll(bench, server, site, seeds, 4)
      },
      floor: async () => {
        await using files = await dumpRows(candidatePlace, await bench.places.folder(), {
          collectionNo: 1,
          afterMicros: before,
        })
        if (files.rows !== ENVELOPES * 1000) throw new Error(`${files.rows} rows instead of ${ENVELOPES * 1000}`)
        before = await newest(candidatePlace)
        await floorPlace.settle()
        return files.rows / (await copyRows(floorPlace, files))
      },
    })
    await mustBeAlike(candidatePlace, floorPlace)
    await candidatePlace.remove()
    await floorPlace.remove()
    const value = medianOf(measured.candidate, (round) => (round.requests * 1000) / round.seconds)
    const floor = medianOf(measured.floor, (rate) => rate)
    return [
      {
        name: 'ingest_into_many',
        work: `ingest into ${objects} stored objects, 4 posters`,
        value,
        unit: 'objects/s',
        floor,
        ratio: value / floor,
        target: { of: 'ratio', atLeast: 0.4 },
        detail: costText(costOf(measured.candidate, 1000)),
      },
    ]
  },
}

async function newest(place: Place): Promise<number> {
  const [row] = await place.rows<{ last: number }>(
    'select max(date_added) as last from release where collection_no = 1',
  )
  return row?.last ?? 0
}

/** Both sides have stored the same. */
async function mustBeAlike(candidate: Place, floor: Place): Promise<void> {
  const [mine] = await candidate.rows<Sum>(SUM)
  const [theirs] = await floor.rows<Sum>(SUM)
  if (!mine || mine.rows !== theirs?.rows || mine.bytes !== theirs.bytes) {
    throw new Error('floor and candidate stored different rows')
  }
}

interface Sum {
  readonly rows: number
  readonly bytes: number
}

const SUM = `select count(*) as rows, sum(length(o.body))::bigint as bytes
               from release r join object o using (object_no) join ledger l using (collection_no, date_added)
              where r.collection_no = 1`
