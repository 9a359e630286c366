import { link, unlink } from 'node:fs/promises'
import { takeLock } from '../../server/lock.ts'

// Takes the lock when told, and gives it up as a process does that dies: its socket stays, and nobody answers.
let abandon = async () => {}

process.on('message', (word: { readonly take?: string; readonly abandon?: true }) => {
  void (async () => {
    if (word.take === undefined) {
      await abandon()
      process.send?.('abandoned')
      return
    }
    const locked = await takeLock(word.take)
    abandon = async () => {
      abandon = async () => {}
      if (!locked.taken) return
      const { socketPath } = locked.lock
      await link(socketPath, `${socketPath}0`)
      await locked.lock.release()
      await link(`${socketPath}0`, socketPath)
      await unlink(`${socketPath}0`)
    }
    process.send?.(locked.taken ? 'taken' : 'refused')
  })()
})
process.send?.('ready')
