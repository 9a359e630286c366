import assert from 'node:assert/strict'

/** What a poller has been given, in order. */
export interface Polled {
  readonly objects: { readonly id: string; readonly modified: string }[]
  readonly pages: number
}

/** How a poller goes through a collection. */
export interface Polling {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** `added_after`: by X-TAXII-Date-Added-Last alone. `next`: by `next`, and by the last date when there is no more. */
  readonly by: 'added_after' | 'next'
  readonly query?: Readonly<Record<string, string>>
  /** True when nothing will be added any more: the poller then ends with the first empty answer. */
  readonly isOver: () => boolean
}

/** Polls a collection until it is over, from the start, without ever looking back. */
export async function poll({ url, headers, by, query = {}, isOver }: Polling): Promise<Polled> {
  const objects: { id: string; modified: string }[] = []
  let pages = 0
  let addedAfter: string | undefined
  let start: string | undefined // added_after of the run of pages that `next` belongs to
  let next: string | undefined
  for (;;) {
    const wasOver = isOver() // before the question: what was added until then must be in the answer
    const parameters = new URLSearchParams(query)
    const after = next === undefined ? addedAfter : start
    if (after !== undefined) parameters.set('added_after', after)
    if (next !== undefined) parameters.set('next', next)
    const response = await fetch(`${url}?${parameters.toString()}`, { headers })
    const body = (await response.json()) as { objects?: typeof objects; more?: boolean; next?: string }
    assert.equal(response.status, 200, JSON.stringify(body))
    const found = body.objects ?? []
    objects.push(...found)
    pages += 1
    if (next === undefined) start = addedAfter
    addedAfter = response.headers.get('x-taxii-date-added-last') ?? addedAfter
    next = by === 'next' && body.more ? body.next : undefined
    if (body.more) assert.ok(found.length > 0, 'a page that says "more" must lead on')
    if (found.length === 0 && wasOver) return { objects, pages }
  }
}
