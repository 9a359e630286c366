import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PROJECT = new URL('../../', import.meta.url)
const GIT_MILLIS = 2000

/** The version of this program, as its package says. */
export function programVersion(): string {
  const value: unknown = JSON.parse(readFileSync(new URL('package.json', PROJECT), 'utf8'))
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : 'unknown'
}

let shown: { readonly text: string; readonly checkout: boolean } | undefined

/**
 * The version as pages show it: that of the package, or of a checkout what `git describe` calls it
 * (`v0.1.0-4-gabcdef1`). Asked once.
 */
export function shownVersion(): { readonly text: string; readonly checkout: boolean } {
  if (shown) return shown
  const described = existsSync(new URL('.git', PROJECT)) ? describe() : undefined
  shown = { text: described ?? programVersion(), checkout: described !== undefined }
  return shown
}

/** Undefined without git, or in a folder that it does not trust. Before the first tag: the version and the commit. */
function describe(): string | undefined {
  try {
    const text = execFileSync('git', ['describe', '--tags', '--always', '--match', 'v*'], {
      cwd: fileURLToPath(PROJECT),
      encoding: 'utf8',
      timeout: GIT_MILLIS,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
    return text.startsWith('v') ? text : `v${programVersion()}-g${text}`
  } catch {
    return undefined
  }
}
