import type { OperationArgument, OperationList } from '@hyperslab/proto/expression';
import { optionNamed, slotAt } from '../operations/check-arguments.ts';
import { type ArgumentKind, arrayWords, type Signature } from '../operations/signature.ts';
import {
  invalidAt,
  peekOperator,
  type Scanner,
  takeBareValue,
  takeOperator,
  takeQuoted,
  takeWord,
} from './scanner.ts';

const numeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads the arguments of an operation and the parenthesis that ends them. Where its signature has an array, `parseArray` reads
 * an expression and answers the number of its node.
 */
export function parseArguments(
  scanner: Scanner,
  signature: Signature,
  parseArray: () => number,
): OperationArgument[] {
  const given: OperationArgument[] = [];
  let options = 0;
  do {
    const position = scanner.position;
    const name = takeOptionName(scanner);
    if (name === undefined && options > 0)
      throw invalidAt(scanner, 'an option, because arguments without a name come first', position);
    if (name !== undefined) options++;
    const { kind } = name === undefined ? slotAt(signature, given.length) : optionNamed(signature, name);
    given.push({ name: name ?? '', value: parseValue(scanner, kind, parseArray) });
  } while (takeOperator(scanner, ','));
  if (!takeOperator(scanner, ')')) throw invalidAt(scanner, '"," or ")"');
  return given;
}

/** Takes `name=`, if that comes next. */
function takeOptionName(scanner: Scanner): string | undefined {
  const { position } = scanner;
  const name = takeQuoted(scanner) ?? takeWord(scanner);
  if (name !== undefined && name !== '' && takeOperator(scanner, '=')) return name;
  scanner.position = position;
  return undefined;
}

function parseValue(
  scanner: Scanner,
  kind: ArgumentKind,
  parseArray: () => number,
): OperationArgument['value'] {
  if (kind === 'array') {
    const word = takeArrayWord(scanner);
    return word === undefined ? { $case: 'node', value: parseArray() } : { $case: 'text', value: word };
  }
  if (kind === 'name') {
    const name = takeQuoted(scanner) ?? takeWord(scanner);
    if (name === undefined) throw invalidAt(scanner, 'the name of a dimension');
    return { $case: 'text', value: name };
  }
  if (takeOperator(scanner, '[')) return { $case: 'list', value: parseList(scanner) };
  const value = takeScalar(scanner);
  return typeof value === 'number' ? { $case: 'number', value } : { $case: 'text', value };
}

function takeArrayWord(scanner: Scanner): string | undefined {
  const { position } = scanner;
  const word = takeWord(scanner);
  if (word !== undefined && arrayWords.has(word) && [',', ')'].includes(peekOperator(scanner))) return word;
  scanner.position = position;
  return undefined;
}

function parseList(scanner: Scanner): OperationList {
  const list: OperationList = { numbers: [], texts: [] };
  if (takeOperator(scanner, ']')) return list;
  do {
    const { position } = scanner;
    const value = takeScalar(scanner);
    if (typeof value === 'number') list.numbers.push(value);
    else list.texts.push(value);
    if (list.numbers.length > 0 && list.texts.length > 0)
      throw invalidAt(scanner, 'numbers only, or texts only, in a list', position);
  } while (takeOperator(scanner, ','));
  if (!takeOperator(scanner, ']')) throw invalidAt(scanner, '"," or "]"');
  return list;
}

function takeScalar(scanner: Scanner): number | string {
  const quoted = takeQuoted(scanner);
  if (quoted !== undefined) return quoted;
  const { position } = scanner;
  const bare = takeBareValue(scanner);
  if (bare === undefined) throw invalidAt(scanner, 'a value: a number, a word, or a text in quotes');
  if (!numeric.test(bare)) return bare;
  if (Number.isFinite(Number(bare))) return Number(bare);
  throw invalidAt(scanner, 'a number within the range of float64', position);
}
