import { createHash, randomBytes } from 'node:crypto'
import { link, lstat, mkdir, readFile, realpath, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ForbiddenError } from './errors.ts'

/** `sun_path` has 108 bytes on Linux with the zero at its end (unix(7)). */
const MAX_SOCKET_PATH = 107
const LONGEST_NAME = 'socket-00000000.new'
const POINTER = 'socket-folder'

/**
 * Where the sockets of a data folder are: in the folder itself; when its path is too long for a socket, in a private
 * folder for temporary files. A file in the data folder then says which one, so that processes with different settings of
 * TMPDIR meet in the same place.
 * @throws {ForbiddenError} when somebody else has made that folder
 */
export async function socketFolder(dataFolder: string): Promise<string> {
  const folder = await realpath(dataFolder)
  if (Buffer.byteLength(join(folder, LONGEST_NAME)) <= MAX_SOCKET_PATH) return folder
  const pointer = join(folder, POINTER)
  const short = (await readPointer(pointer)) ?? (await writePointer(pointer, shortFolder(folder)))
  await mkdir(short, { recursive: true, mode: 0o700 })
  const { uid, mode } = await lstat(short)
  const isPrivate = (mode & 0o170777) === 0o040700 // a folder, no link, open to its owner only
  if (!isPrivate || uid !== process.getuid?.()) {
    throw new ForbiddenError(
      `${short} is not a private folder of this user: remove it, or remove ${pointer} and set TMPDIR to another folder`,
    )
  }
  return short
}

function shortFolder(folder: string): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return join(tmpdir(), `vouchsafe-${name}`)
}

async function readPointer(pointer: string): Promise<string | undefined> {
  try {
    return (await readFile(pointer, 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes the pointer whole or not at all: of several processes the first decides. */
async function writePointer(pointer: string, target: string): Promise<string> {
  const made = `${pointer}.${randomBytes(4).toString('hex')}`
  await writeFile(made, `${target}\n`, { mode: 0o600 })
  try {
    await link(made, pointer)
    return target
  } catch (error) {
    const other = await readPointer(pointer)
    if (other === undefined) throw error
    return other
  } finally {
    await unlink(made)
  }
}
