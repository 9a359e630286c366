import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import { Type } from 'typebox'
import { adminFace } from '../../server/admin/face.ts'
import type { Admin } from '../../server/admin/admin.ts'
import { directAdmin } from '../../server/admin/direct-admin.ts'
import { operation, type ProgressState } from '../../server/admin/operation.ts'
import { socketAdmin } from '../../server/admin/socket-admin.ts'
import { ConflictError } from '../../server/errors.ts'
import { takeLock } from '../../server/lock.ts'
import { testSite } from '../support/site.ts'

const MIB = 1024 ** 2
let sent = 0
let aborted = Promise.withResolvers<void>()

const operations = {
  add: operation(Type.Object({ a: Type.Number(), b: Type.Optional(Type.Number()) }), async (_context, { a, b }) => ({
    sum: a + (b ?? 0),
  })),
  refuse: operation(Type.Object({}), async () => {
    throw new ConflictError('taken', 'it is taken: choose another')
  }),
  fail: operation(Type.Object({}), async () => {
    throw new Error('secret detail')
  }),
  count: operation(Type.Object({}), async (_context, _args, { body, progress }) => {
    let bytes = 0
    for await (const chunk of body) {
      bytes += chunk.length
      progress({ done: bytes, unit: 'bytes', note: bytes === chunk.length ? 'first' : undefined })
    }
    return { bytes }
  }),
  early: operation(Type.Object({}), async (_context, _args, { body }) => {
    for await (const chunk of body) if (chunk.length > 0) throw new ConflictError('early', 'enough')
    return {}
  }),
  make: operation(Type.Object({ mib: Type.Number() }), async (_context, { mib }, { write, progress, signal }) => {
    for (sent = 0; sent < mib && !signal.aborted; sent += 1) {
      progress({ done: sent, total: mib })
      await write(new Uint8Array(MIB).fill(sent)).catch(() => undefined)
    }
    if (signal.aborted) aborted.resolve()
    return { mib: sent }
  }),
}

const site = await testSite({ settings: { log_level: 'silent' } })
const locked = await takeLock(site.place.folder)
assert.ok(locked.taken)
locked.lock.answer(adminFace(site.context, operations).listener)
const { socketPath } = locked.lock
after(async () => {
  await locked.lock.release()
  await site.close()
})

/** The names of a test are not in the registry. */
const call = (admin: Admin, name: string, args: object = {}) => admin.call(name as never, args as never)

async function* pieces(count: number): AsyncGenerator<Uint8Array, void> {
  for (let index = 0; index < count; index += 1) yield new Uint8Array(MIB)
}

const ways: readonly Admin[] = [socketAdmin(socketPath), directAdmin(site.context, operations)]
for (const admin of ways) {
  describe(`an operation, by way of the ${admin.via}`, () => {
    it('takes arguments and answers; what is undefined is not given', async () => {
      assert.deepEqual(await call(admin, 'add', { a: 1, b: undefined }), { sum: 1 })
    })

    it('checks its arguments', async () => {
      await assert.rejects(call(admin, 'add', { a: 'x' }), { code: 'bad_arguments', status: 400 })
      await assert.rejects(call(admin, 'sub'), { code: 'not_found' })
      await assert.rejects(call(admin, '__proto__'), { code: 'not_found' })
    })

    it('refuses in its own words', async () => {
      await assert.rejects(call(admin, 'refuse'), {
        code: 'taken',
        status: 409,
        message: 'it is taken: choose another',
      })
    })

    it('reads 30 MiB that are sent along, and says how far it is', async () => {
      const states: ProgressState[] = []
      const done = await admin.upload('count' as never, {} as never, pieces(30), (state) => states.push(state))
      assert.deepEqual(done, { bytes: 30 * MIB })
      assert.equal(states.at(-1)?.done, 30 * MIB)
      assert.equal(states[0]?.note, 'first')
    })

    it('may refuse in the middle of what is sent', async () => {
      await assert.rejects(admin.upload('early' as never, {} as never, pieces(1000)), { code: 'early' })
    })

    it('an error of the reader of a file comes back as it is', async () => {
      const broken = async function* () {
        yield new Uint8Array(10)
        throw new RangeError('the disk is broken')
      }
      await assert.rejects(admin.upload('count' as never, {} as never, broken()), /the disk is broken/)
    })

    it('sends bytes in order, no faster than they are taken', async () => {
      let bytes = 0
      let most = 0
      const done = await admin.download('make' as never, { mib: 40 } as never, async (chunk) => {
        assert.equal(chunk[0], Math.floor(bytes / MIB))
        bytes += chunk.length
        await new Promise((resolve) => setImmediate(resolve))
        most = Math.max(most, sent - Math.floor(bytes / MIB))
      })
      assert.deepEqual([done, bytes], [{ mib: 40 }, 40 * MIB])
      assert.ok(most < 10, `${most} MiB were under way at once`)
    })

    it('an error while writing what came ends it', async () => {
      const full = async () => {
        throw new RangeError('the disk is full')
      }
      if (admin.via === 'database') return // the operation gets the error itself
      aborted = Promise.withResolvers()
      await assert.rejects(admin.download('make' as never, { mib: 1000 } as never, full), /the disk is full/)
      await aborted.promise
    })
  })
}

it('a fault of the server says only where its details are', async () => {
  await assert.rejects(call(socketAdmin(socketPath), 'fail'), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'internal')
    assert.match(error.message, /error_id [0-9a-f-]{36}/)
    assert.doesNotMatch(error.message, /secret/)
    return true
  })
})

it('is plain HTTP: a request of curl is answered with a status and one line', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly [number | undefined, string]>()
  const asking = request({ socketPath, path: '/refuse', method: 'POST' }, (response) => {
    void text(response).then((body) => resolve([response.statusCode, body]))
  })
  asking.end('{}')
  const [status, body] = await promise
  assert.equal(status, 409)
  assert.deepEqual(JSON.parse(body), { error: { code: 'taken', message: 'it is taken: choose another', status: 409 } })
})
