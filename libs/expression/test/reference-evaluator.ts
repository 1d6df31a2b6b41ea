import { unravel } from '@hyperslab/array';
import type { SampleVariable } from './sample-dataset.ts';

/** An array as plainly as it can be: named dimensions, numbers, null where missing. */
export interface Plain {
  dimensions: string[];
  shape: number[];
  values: (number | null)[];
}

/** A tree of operations; its text is what the library is given. */
export type Tree =
  | { kind: 'source'; name: string }
  | { kind: 'constant'; value: number }
  | { kind: 'binary'; operator: string; left: Tree; right: Tree }
  | { kind: 'unary'; name: 'abs' | 'negate' | 'isnan' | 'is_missing'; input: Tree }
  | { kind: 'where'; condition: Tree; yes: Tree; no?: Tree }
  | { kind: 'fill'; input: Tree; value: Tree }
  | { kind: 'slice'; input: Tree; dimension: string; start: number; end: number; step: number }
  | { kind: 'list'; input: Tree; dimension: string; indices: number[] }
  | { kind: 'index'; input: Tree; dimension: string; index: number }
  | { kind: 'reduce'; operation: string; input: Tree; dimensions: string[] };

export function textOfTree(tree: Tree): string {
  switch (tree.kind) {
    case 'source':
      return tree.name;
    case 'constant':
      return `(${tree.value})`;
    case 'binary':
      return `(${textOfTree(tree.left)} ${tree.operator} ${textOfTree(tree.right)})`;
    case 'unary':
      return tree.name === 'negate'
        ? `(-${textOfTree(tree.input)})`
        : `${tree.name}(${textOfTree(tree.input)})`;
    case 'where': {
      const all = [tree.condition, tree.yes, tree.no].filter((each) => each !== undefined);
      return `where(${all.map(textOfTree).join(', ')})`;
    }
    case 'fill':
      return `fill_missing(${textOfTree(tree.input)}, ${textOfTree(tree.value)})`;
    case 'slice':
      return `(${textOfTree(tree.input)})[${tree.dimension}=#${tree.start}:#${tree.end}:#${tree.step}]`;
    case 'list':
      return `(${textOfTree(tree.input)})[${tree.dimension}=#[${tree.indices.join(', ')}]]`;
    case 'index':
      return `(${textOfTree(tree.input)})[${tree.dimension}=#${tree.index}]`;
    case 'reduce':
      return `${tree.operation}(${[textOfTree(tree.input), ...tree.dimensions].join(', ')})`;
  }
}

const binary: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '<': (a, b) => Number(a < b),
  '>=': (a, b) => Number(a >= b),
};

/** Evaluates a tree cell by cell. */
export function evaluateTree(tree: Tree, variables: readonly SampleVariable[]): Plain {
  const visit = (each: Tree) => evaluateTree(each, variables);
  switch (tree.kind) {
    case 'source': {
      const { dimensions, array } = variables.find(({ name }) => name === tree.name)!;
      const values = Array.from(array.values as Float64Array, (value, i) => (array.mask?.[i] ? null : value));
      return { dimensions, shape: array.shape, values };
    }
    case 'constant':
      return { dimensions: [], shape: [], values: [tree.value] };
    case 'unary': {
      const input = visit(tree.input);
      if (tree.name === 'is_missing')
        return { ...input, values: input.values.map((value) => Number(value === null)) };
      const operation = {
        abs: Math.abs,
        negate: (x: number) => -x,
        isnan: (x: number) => Number(Number.isNaN(x)),
      }[tree.name];
      return { ...input, values: input.values.map((value) => (value === null ? null : operation(value))) };
    }
    case 'binary': {
      const operation = binary[tree.operator];
      return zip([visit(tree.left), visit(tree.right)], ([a, b]) =>
        a === null || b === null ? null : operation(a, b),
      );
    }
    case 'where':
      return zip(
        [tree.condition, tree.yes, ...(tree.no === undefined ? [] : [tree.no])].map(visit),
        ([condition, yes, no = null]) => (condition === null ? null : condition !== 0 ? yes : no),
      );
    case 'fill':
      return zip([visit(tree.input), visit(tree.value)], ([value, other]) => value ?? other);
    case 'slice': {
      const input = visit(tree.input);
      const axis = input.dimensions.indexOf(tree.dimension);
      const count = Math.ceil((Math.min(tree.end, input.shape[axis]) - tree.start) / tree.step);
      const shape = input.shape.with(axis, count);
      return build(input.dimensions, shape, (index) =>
        at(input, index.with(axis, tree.start + index[axis] * tree.step)),
      );
    }
    case 'list': {
      const input = visit(tree.input);
      const axis = input.dimensions.indexOf(tree.dimension);
      return build(input.dimensions, input.shape.with(axis, tree.indices.length), (index) =>
        at(input, index.with(axis, tree.indices[index[axis]])),
      );
    }
    case 'index': {
      const input = visit(tree.input);
      const axis = input.dimensions.indexOf(tree.dimension);
      return build(input.dimensions.toSpliced(axis, 1), input.shape.toSpliced(axis, 1), (index) =>
        at(input, index.toSpliced(axis, 0, tree.index)),
      );
    }
    case 'reduce':
      return reduce(tree.operation, visit(tree.input), tree.dimensions);
  }
}

function zip(inputs: Plain[], operation: (values: (number | null)[]) => number | null): Plain {
  const lengths = new Map<string, number>();
  for (const input of [...inputs].sort((a, b) => b.shape.length - a.shape.length)) {
    input.dimensions.forEach((name, axis) => {
      lengths.set(name, input.shape[axis]);
    });
  }
  const dimensions = [...lengths.keys()];
  return build(dimensions, [...lengths.values()], (index) =>
    operation(
      inputs.map((input) =>
        at(
          input,
          input.dimensions.map((name) => index[dimensions.indexOf(name)]),
        ),
      ),
    ),
  );
}

function reduce(operation: string, input: Plain, over: string[]): Plain {
  const reduced = over.length === 0 ? input.dimensions : over;
  const kept = [...input.dimensions.keys()].filter((axis) => !reduced.includes(input.dimensions[axis]));
  const cells = new Map<string, (number | null)[]>();
  input.values.forEach((value, i) => {
    const index = unravel(i, input.shape);
    const key = kept.map((axis) => index[axis]).join();
    cells.set(key, [...(cells.get(key) ?? []), value]);
  });
  const shape = kept.map((axis) => input.shape[axis]);
  return build(
    kept.map((axis) => input.dimensions[axis]),
    shape,
    (index) => reduceCell(operation, cells.get(index.join())!),
  );
}

function reduceCell(operation: string, values: (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  const counted = present.filter((value) => !Number.isNaN(value));
  if (operation === 'count') return counted.length;
  if (counted.length === 0) return present.length > 0 ? Number.NaN : null;
  const sum = counted.reduce((a, b) => a + b, 0);
  const mean = sum / counted.length;
  const variance = counted.reduce((total, value) => total + (value - mean) ** 2, 0) / counted.length;
  switch (operation) {
    case 'sum':
      return sum;
    case 'mean':
      return mean;
    case 'min':
      return Math.min(...counted);
    case 'max':
      return Math.max(...counted);
    case 'std':
      return Math.sqrt(variance);
    default:
      return variance;
  }
}

function build(dimensions: string[], shape: number[], value: (index: number[]) => number | null): Plain {
  const count = shape.reduce((product, length) => product * length, 1);
  return { dimensions, shape, values: Array.from({ length: count }, (_, i) => value(unravel(i, shape))) };
}

function at({ shape, values }: Plain, index: readonly number[]): number | null {
  return values[index.reduce((linear, i, axis) => linear * shape[axis] + i, 0)];
}
