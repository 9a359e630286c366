/** A stretch of the pattern text: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A whole pattern (STIX 2.1 §9). */
export interface Pattern extends Span {
  readonly kind: 'pattern'
  readonly expression: ObservationExpression
}

/** What a pattern says about observations (STIX 2.1 §9.3). */
export type ObservationExpression = Observation | ObservationJoin | QualifiedObservation

/** `[ … ]`: some object of one observation passes the test. */
export interface Observation extends Span {
  readonly kind: 'observation'
  readonly test: ComparisonExpression
}

/** Observation operators, the loosest first: AND binds tightest (STIX 2.1 §9.4). */
export const OBSERVATION_OPERATORS = ['FOLLOWEDBY', 'OR', 'AND'] as const
export type ObservationOperator = (typeof OBSERVATION_OPERATORS)[number]

/** Two or more operands under one operator, as an unparenthesised chain gives them. */
export interface ObservationJoin extends Span {
  readonly kind: 'observation-join'
  readonly operator: ObservationOperator
  readonly operands: readonly ObservationExpression[]
}

/** An expression with its qualifiers in the order of the text; the first applies first. */
export interface QualifiedObservation extends Span {
  readonly kind: 'qualified'
  readonly expression: ObservationExpression
  readonly qualifiers: readonly Qualifier[]
}

/** Limits in time and number on the observations that an expression binds (STIX 2.1 §9.3). */
export type Qualifier = WithinQualifier | RepeatsQualifier | StartStopQualifier

export interface WithinQualifier extends Span {
  readonly kind: 'within'
  readonly seconds: NumberLiteral
}

export interface RepeatsQualifier extends Span {
  readonly kind: 'repeats'
  readonly times: NumberLiteral
}

export interface StartStopQualifier extends Span {
  readonly kind: 'start-stop'
  readonly from: TimestampLiteral
  readonly until: TimestampLiteral
}

/** What an observation expression says about one object (STIX 2.1 §9.5). */
export type ComparisonExpression = Comparison | Existence | ComparisonJoin

/** Two or more operands under AND or OR; AND binds tighter. */
export interface ComparisonJoin extends Span {
  readonly kind: 'comparison-join'
  readonly operator: 'AND' | 'OR'
  readonly operands: readonly ComparisonExpression[]
}

/** Comparison operators in canonical spelling: `==` reads as `=`, `<>` as `!=` (STIX 2.1 §9.6). */
export type ComparisonOperator =
  '=' | '!=' | '<' | '<=' | '>' | '>=' | 'IN' | 'LIKE' | 'MATCHES' | 'ISSUBSET' | 'ISSUPERSET'

/** One property against one value, or for IN against a set. */
export interface Comparison extends Span {
  readonly kind: 'comparison'
  readonly path: ObjectPath
  readonly negated: boolean
  readonly operator: ComparisonOperator
  readonly value: Literal | SetLiteral
}

/** `EXISTS path`: the path leads to a value. */
export interface Existence extends Span {
  readonly kind: 'exists'
  readonly path: ObjectPath
  readonly negated: boolean
}

/** `type:property.property[0]` (STIX 2.1 §9.7). */
export interface ObjectPath extends Span {
  readonly kind: 'path'
  readonly type: string
  readonly steps: readonly PathStep[]
}

export type PathStep = KeyStep | IndexStep

/** A property or dictionary key, without its quotes. */
export interface KeyStep extends Span {
  readonly kind: 'key'
  readonly name: string
}

/** A list position; `*` is any position. A negative position is grammatical and never there. */
export interface IndexStep extends Span {
  readonly kind: 'index'
  readonly index: number | '*'
}

/** A constant of a pattern (STIX 2.1 §9.2). */
export type Literal = StringLiteral | NumberLiteral | BooleanLiteral | BytesLiteral | TimestampLiteral

export interface StringLiteral extends Span {
  readonly kind: 'string'
  /** Without quotes and escapes. */
  readonly value: string
}

export interface NumberLiteral extends Span {
  readonly kind: 'integer' | 'float'
  readonly value: number
  /** The digits as written, without a plus sign: more exact than the number. */
  readonly text: string
}

export interface BooleanLiteral extends Span {
  readonly kind: 'boolean'
  readonly value: boolean
}

export interface BytesLiteral extends Span {
  readonly kind: 'hex' | 'base64'
  /** The digits between the quotes. */
  readonly text: string
}

export interface TimestampLiteral extends Span {
  readonly kind: 'timestamp'
  /** RFC 3339 in UTC, upper case T and Z, any number of fraction digits. */
  readonly text: string
}

/** The right side of IN; may be empty. */
export interface SetLiteral extends Span {
  readonly kind: 'set'
  readonly items: readonly Literal[]
}
