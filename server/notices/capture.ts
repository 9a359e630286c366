import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CapturedMail, readCaptured } from '../../mail/read-captured.ts'
import { writeWholeFile } from '../backup/whole-file.ts'
import { hiddenLink } from './hidden-link.ts'

/** A notice is under 4 KiB; more is not one of ours. */
const MAX_SHOWN = 65_536

/**
 * Keeps a finished mail as a file that its owner only can read, whole or not at all. The file has the whole link, with its
 * one-time token: whoever may read the data folder has every secret of the site already, and without a relay somebody must be
 * able to hand the link over. The page of the portal hides it.
 */
export async function captureMail(dataFolder: string, messageId: string, mail: Uint8Array): Promise<void> {
  await mkdir(join(dataFolder, 'outbox'), { recursive: true, mode: 0o700 })
  await writeWholeFile(fileOf(dataFolder, messageId), (write) => write(mail))
}

/**
 * A captured mail as the portal may show it: without the token of its link. Undefined when it is not in this folder: another
 * process may have written it elsewhere.
 */
export async function capturedMail(dataFolder: string, messageId: string): Promise<CapturedMail | undefined> {
  let file
  try {
    file = await open(fileOf(dataFolder, messageId))
  } catch {
    return undefined
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_SHOWN), 0, MAX_SHOWN, 0)
    const { head, text } = readCaptured(buffer.toString('utf8', 0, bytesRead))
    return { head, text: hiddenLink(text) }
  } finally {
    await file.close()
  }
}

/** Removes a captured mail. */
export async function forgetMail(dataFolder: string, messageId: string): Promise<void> {
  await rm(fileOf(dataFolder, messageId), { force: true })
}

/** @throws {Error} for a message id that we did not make: it becomes the name of a file */
function fileOf(dataFolder: string, messageId: string): string {
  if (!/^[0-9a-f-]{36}$/.test(messageId)) throw new Error('this is not the id of a notice')
  return join(dataFolder, 'outbox', `${messageId}.eml`)
}
