import { randomBytes } from 'node:crypto'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/schema.ts'
import { type Check, fail, ok, warn } from './check.ts'

const GIB = 1024 ** 3
const MIN_NODE = 24

/** @param version for example `v24.21.0` */
export function checkNode(version: string): Check {
  const major = Number(/^v(\d+)/.exec(version)?.[1] ?? 0)
  if (major >= MIN_NODE) return ok('node', `Node.js ${version}`)
  return fail(
    'node',
    `Node.js ${version} is too old`,
    `install Node.js ${MIN_NODE} or later, or run "npm ci" and start with "npx vouchsafe"`,
  )
}

/** Whether the data folder can be written: by trying. */
export async function checkFolder({ dataFolder }: Pick<Config, 'dataFolder'>): Promise<Check> {
  const probe = join(dataFolder, `.doctor-${randomBytes(6).toString('hex')}`)
  try {
    await writeFile(probe, '', { flag: 'wx', mode: 0o600 })
    return ok('data folder', `${dataFolder} can be written`)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return fail('data folder', `${dataFolder} is not there`, 'vouchsafe init')
    if (code === 'ENOSPC')
      return fail('data folder', `the disk of ${dataFolder} is full`, `free space on it: df -h ${dataFolder}`)
    return fail('data folder', `${dataFolder} cannot be written (${code})`, `chown -R "$(id -un)" ${dataFolder}`)
  } finally {
    await rm(probe, { force: true }).catch(() => undefined)
  }
}

/** Room on the disk of the data folder: under 5 GiB or a tenth warns, under 512 MiB fails. */
export async function checkDisk({ dataFolder }: Pick<Config, 'dataFolder'>): Promise<Check> {
  try {
    const { bavail, blocks, bsize } = await statfs(dataFolder)
    const free = bavail * bsize
    const message = `${(free / GIB).toFixed(1)} GiB of ${((blocks * bsize) / GIB).toFixed(1)} GiB are free in ${dataFolder}`
    const fix = `free space or move the folder to a larger disk (VOUCHSAFE_DATA): df -h ${dataFolder}`
    if (free < GIB / 2) return fail('disk', message, fix)
    return free < 5 * GIB && free < (blocks * bsize) / 10 ? warn('disk', message, fix) : ok('disk', message)
  } catch (error) {
    return fail('disk', `the free space of ${dataFolder} cannot be read (${codeOf(error)})`, 'vouchsafe init')
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
