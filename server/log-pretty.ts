/**
 * Turns a clean JSON line of the log into one for people: time, level, text, then `name=value`. A stack follows on
 * lines of its own, each indented, so that nothing in it can pass for a line of the log.
 */
export function prettyLine(line: string): string {
  const record: unknown = JSON.parse(line)
  if (typeof record !== 'object' || record === null) return line
  const { time, level, msg, ...fields } = { time: '', level: '', msg: '', ...record }
  const stacks: string[] = []
  const shown = Object.entries(fields).map(([name, value]) => {
    const { stack, rest } = withoutStack(value)
    if (stack !== undefined) stacks.push(stack)
    return `${name}=${JSON.stringify(rest)}`
  })
  const head = [String(time), String(level).toUpperCase().padEnd(5), String(msg), ...shown].join(' ')
  const indented = stacks.flatMap((stack) => stack.split('\n')).map((frame) => `    | ${frame.trim()}`)
  return `${[head, ...indented].join('\n')}\n`
}

function withoutStack(value: unknown): { readonly stack?: string; readonly rest: unknown } {
  if (typeof value !== 'object' || value === null || !('stack' in value)) return { rest: value }
  const { stack, ...rest } = value
  return typeof stack === 'string' ? { stack, rest } : { rest: value }
}
