import { HyperslabError, shortened } from '@hyperslab/errors';

export const maxTextLength = 65_536;

const operators = ['<=', '>=', '==', '!=', '&&', '||', ...'+-*/^<>!()[],=:#~'];
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const word = /[A-Za-z_][A-Za-z0-9_.]*/y;
const bareValue = /[A-Za-z0-9_.+-]+/y;
const digits = /\d+/y;

/** Reads an expression from left to right. What is read next depends on the place: the parser asks for it. */
export interface Scanner {
  readonly text: string;
  position: number;
}

/** A scanner at the start of a text. Throws EXPRESSION_INVALID for one that is too long. */
export function createScanner(text: string): Scanner {
  if (text.length > maxTextLength) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `expression is ${text.length} characters long, at most ${maxTextLength} are allowed; send it as a graph`,
    );
  }
  return { text, position: 0 };
}

/** The operator or punctuation that comes next; empty at the end or before something else. */
export function peekOperator(scanner: Scanner): string {
  skipSpace(scanner);
  return operators.find((each) => scanner.text.startsWith(each, scanner.position)) ?? '';
}

/** Takes an operator if it comes next. */
export function takeOperator(scanner: Scanner, operator: string): boolean {
  if (peekOperator(scanner) !== operator) return false;
  scanner.position += operator.length;
  return true;
}

/** Takes a number as it is written, if one comes next. */
export function takeNumber(scanner: Scanner): string | undefined {
  return takePattern(scanner, number);
}

/** Takes a plain word, if one comes next. */
export function takeWord(scanner: Scanner): string | undefined {
  return takePattern(scanner, word);
}

/** Takes what a selection may hold without quotes: numbers, words, dates without a time of day. */
export function takeBareValue(scanner: Scanner): string | undefined {
  return takePattern(scanner, bareValue);
}

/** Takes an index. */
export function takeDigits(scanner: Scanner): string | undefined {
  return takePattern(scanner, digits);
}

/** Takes a text in double quotes, if one comes next; `\"` and `\\` stand for themselves. */
export function takeQuoted(scanner: Scanner): string | undefined {
  skipSpace(scanner);
  const { text, position: start } = scanner;
  if (text[start] !== '"') return undefined;
  let content = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') {
      scanner.position = at + 1;
      return content;
    }
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++;
    content += text[at];
  }
  throw invalidAt(scanner, 'a closing quote');
}

/** True when nothing is left. */
export function atEnd(scanner: Scanner): boolean {
  skipSpace(scanner);
  return scanner.position === scanner.text.length;
}

/** The error that something else was expected here. */
export function invalidAt(scanner: Scanner, expected: string, position = scanner.position): HyperslabError {
  const rest = scanner.text.slice(position);
  const found = /^(?:\w+|[^\w\s])/u.exec(rest)?.[0] ?? (rest === '' ? 'the end' : 'a space');
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `expression at character ${position + 1}: expected ${expected}, found ${rest === '' ? found : JSON.stringify(shortened(found))}`,
    { position: String(position), expected },
  );
}

function takePattern(scanner: Scanner, pattern: RegExp): string | undefined {
  skipSpace(scanner);
  pattern.lastIndex = scanner.position;
  const match = pattern.exec(scanner.text)?.[0];
  if (match !== undefined) scanner.position += match.length;
  return match;
}

function skipSpace(scanner: Scanner): void {
  while (/\s/.test(scanner.text[scanner.position] ?? '')) scanner.position++;
}
