#!/usr/bin/env node
// Starts the command line with the right Node. Plain JavaScript that any Node since 14 reads: it must be able to say
// that the Node which runs it is too old.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
/** No eval, no new Function: text that came from outside can never become code. */
const FLAG = '--disallow-code-generation-from-strings'
/** The embedded database is WebAssembly: optimising it a second time takes 500 MB for a quarter more speed. */
const SMALL = '--liftoff-only'
/** MB for young objects: pages and envelopes die young, and more room for them only makes the process larger. */
const YOUNG = '--max-semi-space-size=8'

const self = fileURLToPath(import.meta.url)
const project = dirname(dirname(dirname(self)))

if (isNewEnough(process.version) && hasFlag()) {
  // inside the project and not in the shared folder for temporary files, where somebody else could prepare the cache
  if (module.enableCompileCache) module.enableCompileCache(join(project, 'node_modules', '.cache', 'vouchsafe'))
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
} else {
  const node = findNode()
  if (node === undefined) {
    process.stderr.write(
      `vouchsafe: needs Node.js ${NEEDED}, this is ${process.version}: run "npm ci" in ${project}, ` +
        `which installs one for Vouchsafe alone, or install Node.js ${NEEDED} or later\n`,
    )
    process.exitCode = 2
  } else start(node)
}

function isNewEnough(version) {
  return Number(version.slice(1).split('.')[0]) >= NEEDED
}

function hasFlag() {
  return process.execArgv.includes(FLAG) || (process.env.NODE_OPTIONS ?? '').split(' ').includes(FLAG)
}

/** This Node when it is new enough, else the one that npm installed beside the project. */
function findNode() {
  if (isNewEnough(process.version)) return process.execPath
  const program = process.platform === 'win32' ? 'node.exe' : join('bin', 'node')
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const beside = join(project, 'node_modules', name, program)
  return existsSync(beside) ? beside : undefined
}

function start(node) {
  const args = [FLAG, SMALL, YOUNG, self, ...process.argv.slice(2)]
  // Replacing the process keeps its number: signals and kill -9 reach the server itself, and no second Node waits.
  if (process.execve) {
    process.removeAllListeners('warning') // execve is new enough to warn about itself
    process.execve(node, [node, ...args], process.env)
  }
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`vouchsafe: ${node} does not start: ${error.message}\n`)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}
