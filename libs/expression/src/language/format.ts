import { HyperslabError } from '@hyperslab/errors';
import type {
  CallNode,
  ExpressionGraph,
  OperationArgument,
  OperationNode,
} from '@hyperslab/proto/expression';
import { arrayWords } from '../operations/signature.ts';
import { formatSelector } from './format-selector.ts';
import { maxTextLength } from './scanner.ts';
import { formatName, formatSourceName, quote } from './source-name.ts';

/** How tight an operator binds; a call or name binds tightest. */
const binding: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '==': 3,
  '!=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '!': 6,
  negate: 6,
  '^': 7,
};
const tightest = 8;

interface Piece {
  text: string;
  binding: number;
}

/**
 * The canonical text of a graph: parsed again, a tree gives the same graph. A node that is used twice is written
 * twice; throws EXPRESSION_INVALID when that makes the text too long. The graph must be valid.
 */
export function formatExpression(graph: ExpressionGraph): string {
  const pieces: Piece[] = [];
  for (const { kind } of graph.nodes) {
    const piece = formatNode(kind!, pieces);
    if (piece.text.length > maxTextLength) {
      throw new HyperslabError(
        'EXPRESSION_INVALID',
        `expression as text is longer than ${maxTextLength} characters; use it as a graph`,
      );
    }
    pieces.push(piece);
  }
  return pieces[pieces.length - 1].text;
}

function formatNode(
  kind: NonNullable<ExpressionGraph['nodes'][number]['kind']>,
  pieces: readonly Piece[],
): Piece {
  switch (kind.$case) {
    case 'source':
      return { text: formatSourceName(kind.value), binding: tightest };
    case 'integer':
    case 'constant': {
      const text = kind.$case === 'integer' ? String(kind.value) : formatFloating(kind.value);
      return { text, binding: text.startsWith('-') ? binding.negate : tightest };
    }
    case 'select': {
      const selectors = kind.value.selectors
        .map((selector) => formatSelector(selector, (node) => pieces[node].text))
        .join(', ');
      return { text: `${within(pieces[kind.value.input], tightest)}[${selectors}]`, binding: tightest };
    }
    case 'reduce': {
      const parts = [pieces[kind.value.input].text, ...kind.value.dimensions.map(formatName)];
      return { text: `${kind.value.operation}(${parts.join(', ')})`, binding: tightest };
    }
    case 'convert': {
      const { input, units } = kind.value;
      return { text: `convert(${pieces[input].text}, ${quote(units)})`, binding: tightest };
    }
    case 'operation':
      return { text: formatOperation(kind.value, pieces), binding: tightest };
    case 'call':
      return formatCall(kind.value, pieces);
  }
}

function formatOperation(operation: OperationNode, pieces: readonly Piece[]): string {
  const given = operation.arguments.map(({ name, value }) => {
    const text = formatArgument(value, pieces);
    return name === '' ? text : `${formatName(name)}=${text}`;
  });
  return `${operation.name}(${given.join(', ')})`;
}

function formatArgument(value: OperationArgument['value'], pieces: readonly Piece[]): string {
  switch (value?.$case) {
    case 'node': {
      const { text } = pieces[value.value];
      return arrayWords.has(text) ? `(${text})` : text;
    }
    case 'number':
      return formatNumber(value.value);
    case 'list': {
      const { numbers, texts } = value.value;
      return `[${[...numbers.map(formatNumber), ...texts.map(formatName)].join(', ')}]`;
    }
    default:
      return formatName(value?.value ?? '');
  }
}

function formatNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** With a point or an exponent, without which it would read as an integer. */
function formatFloating(value: number): string {
  const text = formatNumber(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function formatCall({ function: name, arguments: numbers }: CallNode, pieces: readonly Piece[]): Piece {
  const values = numbers.map((number) => pieces[number]);
  const own = binding[name];
  if (own === undefined)
    return { text: `${name}(${values.map(({ text }) => text).join(', ')})`, binding: tightest };
  const [left, right] = values;
  if (name === '!') return { text: `!${within(left, own)}`, binding: own };
  if (name === 'negate') {
    // -2 would read as a constant.
    const text = /^[\d.]/.test(left.text) && left.binding === tightest ? `(${left.text})` : within(left, own);
    return { text: `-${text}`, binding: own };
  }
  // A power groups to the right, a comparison not at all, the others to the left.
  if (name === '^')
    return { text: `${within(left, tightest)}^${within(right, binding.negate)}`, binding: own };
  const leftBinding = own === 3 ? own + 1 : own;
  return { text: `${within(left, leftBinding)} ${name} ${within(right, own + 1)}`, binding: own };
}

function within(piece: Piece, least: number): string {
  return piece.binding >= least ? piece.text : `(${piece.text})`;
}
