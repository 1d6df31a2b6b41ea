import { HyperslabError } from '@hyperslab/errors';
// Not the whole package: a client needs neither its planner nor its kernels.
import { formatExpression } from '@hyperslab/expression/format';
import type { Expression } from '@hyperslab/proto/expression';
import type { Connection } from './connection.ts';
import { toExpression, toGraph } from './expression-graph.ts';
import { LazyArray } from './lazy-array.ts';
import type { ArgumentValue, LazyNode } from './lazy-node.ts';
import { type IndexSelection, indexSelectors, type ValueSelection, valueSelectors } from './selection.ts';

/**
 * What an operation takes beside a cube: another cube, of the same or another dataset, or a number. A whole number is an
 * integer literal, which takes the type of an integer cube and must fit it; another is a floating one, which makes integers
 * float64. JavaScript can't tell 2.0 from 2: to compute with integers in float64, `divide(1)` first.
 */
export type Operand = LazyCube | number;

/** An argument of an operation: a cube, a number, a name or text, or a list of numbers or texts. */
export type OperationValue = LazyCube | ArgumentValue;

/**
 * A cube of a dataset, or what is made of cubes by selections, operations and reductions. Each method answers a new
 * one; nothing is read or checked before it is computed.
 */
export class LazyCube extends LazyArray {
  readonly #node: LazyNode;

  constructor(connection: Connection, dataset: string, node: LazyNode) {
    super(connection, dataset);
    this.#node = node;
  }

  override toExpression(): Expression {
    return toExpression(this.#node, this.dataset);
  }

  /** It in the expression language. Throws EXPRESSION_INVALID when that would be too long a text. */
  expression(): string {
    return formatExpression(toGraph(this.#node, this.dataset));
  }

  /** Selects by coordinate value: `sel({ time: '2026-11-22', latitude: [40, 60], longitude: { nearest: 0.2 } })`. Ranges are inclusive. */
  sel(selection: Record<string, ValueSelection>): LazyCube {
    return this.#derive({ kind: 'select', input: this.#node, selectors: valueSelectors(selection) });
  }

  /** Selects by index: `isel({ time: -1, x: [0, 10], y: { indices: [3, 7] } })`. A range excludes its end. */
  isel(selection: Record<string, IndexSelection>): LazyCube {
    return this.#derive({ kind: 'select', input: this.#node, selectors: indexSelectors(selection) });
  }

  /** Applies an operator or elementwise function of the expression language, this cube being its first argument. */
  call(name: string, ...others: Operand[]): LazyCube {
    const operands = others.map((other): LazyNode => {
      if (other instanceof LazyCube) return other.#node;
      if (typeof other === 'number') return literal(other);
      throw new HyperslabError('INVALID_ARGUMENT', `argument of "${name}" is neither a cube nor a number`);
    });
    return this.#derive({ kind: 'call', function: name, arguments: [this.#node, ...operands] });
  }

  /**
   * Applies an operation of the expression language, this cube being its first argument: `operation('diff', ['time'], { n: 2 })`
   * is `diff(…, time, n=2)`.
   */
  operation(
    name: string,
    others: readonly OperationValue[] = [],
    options: Readonly<Record<string, OperationValue>> = {},
  ): LazyCube {
    const argument = (given: OperationValue, option = '') => ({
      name: option,
      value: given instanceof LazyCube ? given.#node : given,
    });
    const places = [this, ...others].map((other) => argument(other));
    const named = Object.entries(options).map(([option, value]) => argument(value, option));
    return this.#derive({ kind: 'operation', name, arguments: [...places, ...named] });
  }

  /** Reduces over dimensions, or over all without any. */
  reduce(operation: string, ...dimensions: string[]): LazyCube {
    return this.#derive({ kind: 'reduce', operation, input: this.#node, dimensions });
  }

  add(other: Operand): LazyCube {
    return this.call('+', other);
  }

  subtract(other: Operand): LazyCube {
    return this.call('-', other);
  }

  multiply(other: Operand): LazyCube {
    return this.call('*', other);
  }

  divide(other: Operand): LazyCube {
    return this.call('/', other);
  }

  power(exponent: Operand): LazyCube {
    return this.call('^', exponent);
  }

  negate(): LazyCube {
    return this.call('negate');
  }

  less(other: Operand): LazyCube {
    return this.call('<', other);
  }

  lessEqual(other: Operand): LazyCube {
    return this.call('<=', other);
  }

  greater(other: Operand): LazyCube {
    return this.call('>', other);
  }

  greaterEqual(other: Operand): LazyCube {
    return this.call('>=', other);
  }

  equal(other: Operand): LazyCube {
    return this.call('==', other);
  }

  notEqual(other: Operand): LazyCube {
    return this.call('!=', other);
  }

  and(other: Operand): LazyCube {
    return this.call('&&', other);
  }

  or(other: Operand): LazyCube {
    return this.call('||', other);
  }

  not(): LazyCube {
    return this.call('!');
  }

  sqrt(): LazyCube {
    return this.call('sqrt');
  }

  abs(): LazyCube {
    return this.call('abs');
  }

  exp(): LazyCube {
    return this.call('exp');
  }

  log(): LazyCube {
    return this.call('log');
  }

  sin(): LazyCube {
    return this.call('sin');
  }

  cos(): LazyCube {
    return this.call('cos');
  }

  /** Where this condition holds the first, elsewhere the second, without which it is missing there. */
  where(then: Operand, otherwise?: Operand): LazyCube {
    return this.call('where', then, ...(otherwise === undefined ? [] : [otherwise]));
  }

  /** 1 where it is missing, else 0; NaN is not missing. */
  isMissing(): LazyCube {
    return this.call('is_missing');
  }

  /** Where it is missing the value. */
  fillMissing(value: Operand): LazyCube {
    return this.call('fill_missing', value);
  }

  /** The same quantity in other units, as UDUNITS writes them: `convert('degC')`. */
  convert(units: string): LazyCube {
    return this.#derive({ kind: 'convert', input: this.#node, units });
  }

  mean(...dimensions: string[]): LazyCube {
    return this.reduce('mean', ...dimensions);
  }

  sum(...dimensions: string[]): LazyCube {
    return this.reduce('sum', ...dimensions);
  }

  min(...dimensions: string[]): LazyCube {
    return this.reduce('min', ...dimensions);
  }

  max(...dimensions: string[]): LazyCube {
    return this.reduce('max', ...dimensions);
  }

  std(...dimensions: string[]): LazyCube {
    return this.reduce('std', ...dimensions);
  }

  var(...dimensions: string[]): LazyCube {
    return this.reduce('var', ...dimensions);
  }

  count(...dimensions: string[]): LazyCube {
    return this.reduce('count', ...dimensions);
  }

  median(...dimensions: string[]): LazyCube {
    return this.operation('median', dimensions);
  }

  /** A percentile from 0 to 100, or several, which are a last dimension. */
  percentile(percentile: number | readonly number[], ...dimensions: string[]): LazyCube {
    return this.operation('percentile', [percentile, ...dimensions]);
  }

  #derive(node: LazyNode): LazyCube {
    return new LazyCube(this.connection, this.dataset, node);
  }
}

function literal(value: number): LazyNode {
  // An integer literal has no -0, and no more than 53 bits.
  const isInteger = Number.isSafeInteger(value) && !Object.is(value, -0);
  return { kind: isInteger ? 'integer' : 'constant', value };
}
