import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { it } from 'node:test'
import express from 'express'
import { Strategy } from 'passport'
import { authenticateWith } from '../../server/auth/passport.ts'

/** Does to itself what the test says. */
class Scripted extends Strategy {
  readonly #act: (self: Scripted) => void
  constructor(act: (self: Scripted) => void) {
    super()
    this.#act = act
  }
  override authenticate(): void {
    this.#act(this)
  }
}

/** What a strategy that acts so comes to, over real HTTP. */
async function outcomeOf(strategy: Strategy): Promise<unknown> {
  const app = express()
  const { promise, resolve } = Promise.withResolvers<unknown>()
  app.get('/', async (request, response) => {
    try {
      resolve(await authenticateWith(strategy, { request, response }))
    } catch (error) {
      resolve(error)
    }
    if (!response.headersSent) response.end()
  })
  const server = app.listen(0, '127.0.0.1')
  try {
    await new Promise((listening) => server.once('listening', listening))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { redirect: 'manual' })
    return await promise
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

const proof = { accountNo: 7, means: ['password'] } as const

it('each way in which a strategy can end is one outcome', async () => {
  assert.deepEqual(await outcomeOf(new Scripted((self) => self.success(proof))), { kind: 'proven', proof })
  assert.deepEqual(await outcomeOf(new Scripted((self) => self.fail('wrong'))), { kind: 'refused', why: 'wrong' })
  assert.deepEqual(await outcomeOf(new Scripted((self) => self.fail(401))), { kind: 'refused', why: 'refused' })
  const redirect = new Scripted((self) => self.redirect('https://idp.example/authorize'))
  assert.deepEqual(await outcomeOf(redirect), { kind: 'redirected' })
})

it('an error is thrown as it is, and one that decides nothing is one', async () => {
  const error = new Error('the directory is away')
  assert.equal(await outcomeOf(new Scripted((self) => self.error(error))), error)
  assert.match(String(await outcomeOf(new Scripted((self) => self.pass()))), /did not decide/)
})

it('a strategy is of one request: passport writes into it', async () => {
  const strategy = new Scripted((self) => self.success(proof))
  await outcomeOf(strategy)
  assert.match(String(await outcomeOf(strategy)), /used for two requests/)
})
