import assert from 'node:assert/strict';
import { elementCount, type MaskedArray, type NumberArray, type NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import {
  allowSimd,
  applyChain,
  broadcast,
  type Chain,
  elementwise,
  type Operand,
  openRegion,
} from '../../src/index.ts';
import { assertSame } from './assert-same.ts';
import { inArena, randomMask, randomNumbers, randomValues } from './random-values.ts';

const unary = ['sqrt', 'negate', 'abs'];
const names = ['+', '-', '*', '/', 'minimum', 'maximum', ...unary];

const chains = fc.record({
  seed: fc.integer(),
  dtype: fc.constantFrom('float32' as const, 'float64' as const),
  outer: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  // Short rows, one block, and several.
  inner: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1000, max: 2100 })),
  operands: fc.array(
    fc.record({
      kind: fc.constantFrom('all', 'all', 'some', 'literal'),
      isPlaced: fc.boolean(),
      isMasked: fc.constantFrom(false, false, true),
      isWide: fc.constantFrom(false, false, false, true),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  steps: fc.integer({ min: 1, max: 40 }),
});

describe('chains of functions by kernels', () => {
  afterEach(() => allowSimd(true));

  it('give what they give one by one', () => {
    let computed = 0;
    const property = fc.property(chains, ({ seed, dtype, outer, inner, operands, steps }) => {
      using region = openRegion();
      const next = randomNumbers(seed);
      const shape = [...outer, inner];
      const drawn = (most: number) => Math.floor(next() * most);
      const terms = operands.map(({ kind, isPlaced, isMasked, isWide }): Chain['operands'][number] => {
        if (kind === 'literal') return next() < 0.5 ? BigInt(drawn(9)) : next() * 3;
        const axes = [...shape.keys()].filter(() => kind === 'all' || next() < 0.5);
        const lengths = axes.map((axis) => shape[axis]);
        const own: NumericType = isWide ? 'int16' : dtype;
        const values = randomValues(own, elementCount(lengths), next, 0.02);
        const mask = isMasked ? randomMask(values.length, next) : undefined;
        const array = {
          dtype: own,
          shape: lengths,
          values: isPlaced ? inArena(region, values) : values,
          mask,
        };
        return { array, axes };
      });
      const chain: Chain = { dtype, operands: terms, steps: [] };
      for (let i = 0; i < steps; i++) {
        const value = () =>
          i === 0 || next() < 0.3 ? drawn(terms.length) : ~(i - 1 - drawn(Math.min(i, 20)));
        const x = value();
        const name = names[drawn(names.length)];
        chain.steps.push({ name, x, y: unary.includes(name) ? x : value() });
      }
      const found = applyChain(chain, shape, region);
      if (found === undefined) return;
      computed++;
      allowSimd(false);
      const expected = oneByOne(chain, shape);
      allowSimd(true);
      assert.deepEqual([found.dtype, found.shape], [dtype, shape]);
      assertSame(found.values as NumberArray, expected.values as NumberArray);
      // What no step takes marks nothing.
      if (isAllTaken(chain)) {
        assert.equal(found.mask === undefined, expected.mask === undefined);
        assertSame(found.mask ?? [], expected.mask ?? []);
      }
    });
    fc.assert(property, { numRuns: 400 });
    assert.ok(computed > 150, `${computed} were computed at once`);
  });
});

function oneByOne({ dtype, operands, steps }: Chain, shape: readonly number[]): MaskedArray {
  const values: MaskedArray[] = [];
  const operandOf = (value: number): Operand => {
    if (value < 0) return values[~value];
    const term = operands[value];
    if (typeof term !== 'object')
      return elementwise('+', [{ dtype, shape: [], values: asType(dtype, -0) }, term], []);
    const { array, axes } = term;
    const wide = { ...array, dtype, values: Array.from(array.values as NumberArray) };
    const converted = { ...wide, values: asType(dtype, ...(wide.values as number[])) };
    return broadcast(converted, axes, shape);
  };
  for (const { name, x, y } of steps) {
    const taken = unary.includes(name) ? [x] : [x, y];
    const { values: made, mask } = elementwise(name, taken.map(operandOf), shape);
    values.push({ dtype, shape: [...shape], values: made, mask });
  }
  return values.at(-1)!;
}

function asType(dtype: Chain['dtype'], ...values: number[]): NumberArray {
  return dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
}

function isAllTaken({ operands, steps }: Chain): boolean {
  const taken = new Set<number>();
  const take = (value: number): void => {
    if (taken.has(value)) return;
    taken.add(value);
    if (value < 0) for (const each of [steps[~value].x, steps[~value].y]) take(each);
  };
  take(~(steps.length - 1));
  return operands.every((_, i) => taken.has(i));
}
