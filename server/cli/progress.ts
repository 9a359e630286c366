import type { ProgressState } from '../admin/operation.ts'

/** Where progress is shown: standard error, so that results can be piped. */
interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Shows how far long work has come. Call `end` before anything else is printed. */
export interface Progress {
  update(state: ProgressState): void
  end(): void
}

const REDRAW_MILLIS = 100
/** Logs of scheduled runs should stay short. */
const PLAIN_LINE_MILLIS = 10_000

/**
 * A bar with rate and time left on a terminal, a line every ten seconds elsewhere.
 * @param label what is being done, for example `importing`
 * @param nowMillis a clock for tests
 */
export function createProgress(screen: Screen, label: string, nowMillis = () => performance.now()): Progress {
  const started = nowMillis()
  let shown = Number.NEGATIVE_INFINITY
  let latest: ProgressState | undefined
  const terminal = screen.isTTY === true
  const draw = (state: ProgressState, now: number) => {
    shown = now
    const line = progressLine(label, state, (now - started) / 1000)
    if (terminal) screen.write(`\r\u001B[K${bar(state, screen.columns ?? 80, line)}`)
    else screen.write(`${line}\n`)
  }
  return {
    update(state) {
      const now = nowMillis()
      if (state.note !== undefined) screen.write(terminal ? `\r\u001B[K${state.note}\n` : `${state.note}\n`)
      latest = state
      if (now - shown >= (terminal ? REDRAW_MILLIS : PLAIN_LINE_MILLIS)) draw(state, now)
    },
    end() {
      if (latest && terminal) draw(latest, nowMillis())
      if (terminal && latest) screen.write('\n')
    },
  }
}

/** Label, done, share, rate and time left as one line. */
export function progressLine(label: string, state: ProgressState, seconds: number): string {
  const { done, total, unit = 'objects' } = state
  const size = (count: number) => (unit === 'bytes' ? byteSize(count) : `${count.toLocaleString('en')} ${unit}`)
  const rate = seconds > 0 ? done / seconds : 0
  const parts = [
    `${label} ${size(done)}`,
    ...(total ? [`of ${size(total)}`, `${Math.floor((Math.min(done, total) / total) * 100)} %`] : []),
    `${size(Math.round(rate))}/s`,
    ...(total && rate > 0 && done < total ? [`${duration((total - done) / rate)} left`] : []),
  ]
  return parts.join('  ')
}

function bar({ done, total }: ProgressState, columns: number, line: string): string {
  const room = columns - line.length - 4
  if (!total || room < 10) return line.slice(0, columns - 1)
  const width = Math.min(room, 30)
  const filled = Math.round((Math.min(done, total) / total) * width)
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${line}`
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${whole % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function byteSize(count: number): string {
  if (count < 1024) return `${count} B`
  const power = Math.min(Math.floor(Math.log2(count) / 10), 4)
  return `${(count / 1024 ** power).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power] ?? 'TiB'}`
}
