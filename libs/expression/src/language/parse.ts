import { HyperslabError, shortened } from '@hyperslab/errors';
import { aritiesOf, functionNames, isReduction } from '@hyperslab/kernels';
import type { ExpressionGraph, ExpressionNode, Selector } from '@hyperslab/proto/expression';
import { nearMatches } from '../near-matches.ts';
import { checkArguments } from '../operations/check-arguments.ts';
import type { Signature } from '../operations/signature.ts';
import { signatureNamed, signatures } from '../operations/signatures.ts';
import { maxDepth, maxNodes } from './limits.ts';
import { parseArguments } from './parse-arguments.ts';
import {
  atEnd,
  createScanner,
  invalidAt,
  peekOperator,
  type Scanner,
  takeNumber,
  takeOperator,
  takeQuoted,
  takeWord,
} from './scanner.ts';
import { parseSelector } from './selectors.ts';
import { parseSourceName } from './source-name.ts';

type Kind = NonNullable<ExpressionNode['kind']>;

interface Parser {
  scanner: Scanner;
  nodes: ExpressionNode[];
  depth: number;
}

/** Functions that are written as operators, and so are no names of calls. */
const operatorNames = new Set(functionNames.filter((name) => !/^[a-z]/.test(name) || name === 'negate'));

/**
 * What is short for functions that join each further argument with what is before it, and is in no graph: workers and
 * results know it as these, in the order in which they would be written.
 */
const abbreviations: Readonly<Record<string, readonly string[]>> = { clip: ['maximum', 'minimum'] };

/** Operators between two operands, from loose to tight. Comparisons do not chain. */
const levels = [['||'], ['&&'], ['<', '<=', '>', '>=', '==', '!='], ['+', '-'], ['*', '/']];
const comparisonLevel = 2;

/**
 * Reads the expression language (docs/expressions.md) into a graph, which for a text is a tree: every node after its
 * arguments. Throws EXPRESSION_INVALID with the position and what was expected there.
 */
export function parseExpression(text: string): ExpressionGraph {
  const parser: Parser = { scanner: createScanner(text), nodes: [], depth: 0 };
  parseBinary(parser, 0);
  if (!atEnd(parser.scanner)) throw invalidAt(parser.scanner, 'an operator or the end');
  return { nodes: parser.nodes };
}

function parseBinary(parser: Parser, level: number): number {
  if (level === levels.length) return parseUnary(parser);
  let left = parseBinary(parser, level + 1);
  for (let operator = peekOperator(parser.scanner); levels[level].includes(operator); ) {
    takeOperator(parser.scanner, operator);
    const right = parseBinary(parser, level + 1);
    left = addCall(parser, operator, [left, right]);
    operator = peekOperator(parser.scanner);
    if (level === comparisonLevel && levels[level].includes(operator)) {
      throw invalidAt(parser.scanner, '"&&" or parentheses, because comparisons do not chain');
    }
  }
  return left;
}

function parseUnary(parser: Parser): number {
  return nested(parser, () => {
    const { scanner } = parser;
    if (takeOperator(scanner, '!')) return addCall(parser, '!', [parseUnary(parser)]);
    if (takeOperator(scanner, '+')) return parseUnary(parser);
    if (!takeOperator(scanner, '-')) return parsePower(parser);
    const before = scanner.position;
    const digits = takeNumber(scanner);
    // -2 is a constant; in -2^2 and -2[…] the sign belongs to the whole, as in mathematics.
    const next = peekOperator(scanner);
    if (digits !== undefined && next !== '^' && next !== '[') return addLiteral(parser, digits, before, -1);
    scanner.position = before;
    return addCall(parser, 'negate', [parseUnary(parser)]);
  });
}

function parsePower(parser: Parser): number {
  const base = parseSelected(parser);
  if (!takeOperator(parser.scanner, '^')) return base;
  return addCall(parser, '^', [base, parseUnary(parser)]);
}

function parseSelected(parser: Parser): number {
  let input = parsePrimary(parser);
  const { scanner } = parser;
  while (takeOperator(scanner, '[')) {
    const selectors: Selector[] = [];
    do selectors.push(parseSelector(scanner, () => nested(parser, () => parseBinary(parser, 0))));
    while (takeOperator(scanner, ','));
    if (!takeOperator(scanner, ']')) throw invalidAt(scanner, '"," or "]"');
    input = add(parser, { $case: 'select', value: { input, selectors } });
  }
  return input;
}

function parsePrimary(parser: Parser): number {
  const { scanner } = parser;
  if (takeOperator(scanner, '(')) {
    const inner = nested(parser, () => parseBinary(parser, 0));
    if (!takeOperator(scanner, ')')) throw invalidAt(scanner, 'an operator or ")"');
    return inner;
  }
  const quoted = takeQuoted(scanner);
  if (quoted !== undefined) return add(parser, { $case: 'source', value: parseSourceName(quoted) });
  const start = scanner.position;
  const digits = takeNumber(scanner);
  if (digits !== undefined) return addLiteral(parser, digits, start);
  const word = takeWord(scanner);
  if (word === undefined) throw invalidAt(scanner, 'a name, a number or "("');
  if (peekOperator(scanner) !== '(')
    return add(parser, { $case: 'source', value: { dataset: '', variable: word } });
  return nested(parser, () => parseCall(parser, word));
}

function parseCall(parser: Parser, name: string): number {
  const { scanner } = parser;
  const start = scanner.position - name.length;
  const signature = signatureNamed(name);
  if (signature !== undefined) return parseOperation(parser, signature);
  if (name === 'convert') return parseConversion(parser);
  const joining = Object.hasOwn(abbreviations, name) ? abbreviations[name] : undefined;
  if (joining === undefined && (operatorNames.has(name) || !functionNames.includes(name)))
    throw unknownFunction(name);
  takeOperator(scanner, '(');
  const values = [parseBinary(parser, 0)];
  let [joined] = values;
  while (takeOperator(scanner, ',')) {
    const value = parseBinary(parser, 0);
    const join = joining?.[values.length - 1];
    values.push(value);
    if (join !== undefined) joined = addCall(parser, join, [joined, value]);
  }
  if (!takeOperator(scanner, ')')) throw invalidAt(scanner, '"," or ")"');
  const arities = joining === undefined ? aritiesOf(name) : [joining.length + 1];
  if (!arities.includes(values.length)) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `expression at character ${start + 1}: "${name}" has ${values.length} arguments; expected ${arities.join(' or ')}`,
      { position: String(start) },
    );
  }
  return joining === undefined ? addCall(parser, name, values) : joined;
}

function parseConversion(parser: Parser): number {
  const { scanner } = parser;
  takeOperator(scanner, '(');
  const input = parseBinary(parser, 0);
  if (!takeOperator(scanner, ',')) throw invalidAt(scanner, '"," and units, as in convert(t, "degC")');
  const units = takeQuoted(scanner);
  if (units === undefined) throw invalidAt(scanner, 'units in quotes, as "degC"');
  if (!takeOperator(scanner, ')')) throw invalidAt(scanner, '")"');
  return add(parser, { $case: 'convert', value: { input, units } });
}

/** A reduction without options is a node of its own, as it was before there were operations. */
function parseOperation(parser: Parser, signature: Signature): number {
  const { scanner } = parser;
  const { name } = signature;
  takeOperator(scanner, '(');
  const given = parseArguments(scanner, signature, () => parseBinary(parser, 0));
  checkArguments({ name, arguments: given });
  if (!isReduction(name) || given.some((argument) => argument.name !== ''))
    return add(parser, { $case: 'operation', value: { name, arguments: given } });
  const [input, ...dimensions] = given.map(({ value }) => value?.value);
  const value = { operation: name, input: input as number, dimensions: dimensions as string[] };
  return add(parser, { $case: 'reduce', value });
}

function unknownFunction(name: string): HyperslabError {
  const known = [
    ...signatures.map((signature) => signature.name),
    'convert',
    ...Object.keys(abbreviations),
    ...functionNames.filter((each) => !operatorNames.has(each)),
  ];
  const near = nearMatches(name, known);
  const advice = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known are ${known.join(' ')}`;
  return new HyperslabError('EXPRESSION_INVALID', `function "${shortened(name)}" is unknown; ${advice}`, {
    function: shortened(name),
  });
}

/** A number as it is written: with a point or an exponent a floating literal, else an integer. */
function addLiteral(parser: Parser, digits: string, position: number, sign: 1 | -1 = 1): number {
  const value = sign * Number(digits);
  if (/^\d+$/.test(digits)) {
    if (!Number.isSafeInteger(value))
      throw invalidAt(parser.scanner, 'an integer below 2^53, or a point after a larger number', position);
    // Integers have no -0.
    return add(parser, { $case: 'integer', value: value === 0 ? 0 : value });
  }
  if (!Number.isFinite(value))
    throw invalidAt(parser.scanner, 'a number within the range of float64', position);
  return add(parser, { $case: 'constant', value });
}

function addCall(parser: Parser, name: string, values: number[]): number {
  return add(parser, { $case: 'call', value: { function: name, arguments: values } });
}

function add(parser: Parser, kind: Kind): number {
  if (parser.nodes.length >= maxNodes) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `expression has more than ${maxNodes} parts; compute a part first`,
    );
  }
  return parser.nodes.push({ kind }) - 1;
}

function nested<T>(parser: Parser, body: () => T): T {
  if (++parser.depth > maxDepth) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `expression is nested deeper than ${maxDepth}; compute a part first`,
    );
  }
  const result = body();
  parser.depth--;
  return result;
}
