import { isNode, LineCounter, parseDocument, type ParsedNode } from 'yaml'

/** A YAML file that people write: its contents, and what is wrong with it as YAML. */
export interface PlainYaml {
  readonly contents: ParsedNode | null
  readonly flaws: readonly { readonly line: number; readonly problem: string }[]
  /** The line, from 1, that a node starts on. */
  readonly lineOf: (node: unknown) => number
}

/**
 * Parses YAML of texts, lists and maps: no other types, and nothing is merged. A key that comes twice is no flaw, because
 * the parser would compare each key with all before it: whoever reads the maps takes both.
 */
export function parsePlainYaml(text: string): PlainYaml {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
  })
  return {
    contents: document.contents,
    flaws: [...document.errors, ...document.warnings].map((flaw) => ({
      line: lines.linePos(flaw.pos[0]).line,
      problem: `this is not plain YAML: ${flaw.message}`,
    })),
    lineOf: (node) => lines.linePos(isNode(node) ? (node.range?.[0] ?? 0) : 0).line,
  }
}
