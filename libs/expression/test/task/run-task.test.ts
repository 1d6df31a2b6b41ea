import assert from 'node:assert/strict';
import { type RunLengths, regularRuns } from '@hyperslab/array';
import fc from 'fast-check';
import { evaluateTree, type Plain, type Tree, textOfTree } from '../reference-evaluator.ts';
import { assemble, planText, runPlan } from '../run-plan.ts';
import { type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const lengths = { t: 7, y: 5, x: 6 };
type Name = keyof typeof lengths;
const dimensionSets: Name[][] = [['t', 'y', 'x'], ['t', 'x'], ['y', 'x'], ['x', 't'], ['t'], []];

/** Chunks along a dimension, regular or not. */
const chunksOf = (extent: number): fc.Arbitrary<RunLengths> =>
  fc.oneof(
    fc.integer({ min: 1, max: extent }).map((size) => regularRuns(extent, size)),
    fc
      .integer({ min: 1, max: extent - 1 })
      .map((first) => ({ sizes: [first, extent - first], counts: [1, 1] })),
  );

const variable = (name: string, dimensions: Name[]): fc.Arbitrary<SampleVariable> => {
  const shape = dimensions.map((each) => lengths[each]);
  const count = shape.reduce((a, b) => a * b, 1);
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -99, max: 99 }).map((n) => n / 4) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
  return fc.record({
    name: fc.constant(name),
    dimensions: fc.constant(dimensions as string[]),
    chunks: fc.option(fc.tuple(...shape.map(chunksOf)), { nil: undefined, freq: 4 }) as fc.Arbitrary<
      RunLengths[] | undefined
    >,
    array: fc.record({
      dtype: fc.constant('float64' as const),
      shape: fc.constant(shape),
      values: fc.array(value, { minLength: count, maxLength: count }).map((list) => Float64Array.from(list)),
      mask: fc.option(
        fc
          .array(fc.nat({ max: 3 }), { minLength: count, maxLength: count })
          .map((list) => Uint8Array.from(list, (n) => (n === 0 ? 1 : 0))),
        { nil: undefined },
      ),
    }),
  });
};

const sample = fc.tuple(...dimensionSets.map((dimensions, i) => variable(`v${i}`, dimensions)));

/** Trees with the dimensions that their values have, so that selections and reductions name real ones. */
interface Typed {
  tree: Tree;
  lengths: Partial<Record<string, number>>;
}

const leaf: fc.Arbitrary<Typed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat({ max: dimensionSets.length - 1 }).map(
      (i): Typed => ({
        tree: { kind: 'source', name: `v${i}` },
        lengths: Object.fromEntries(dimensionSets[i].map((name) => [name, lengths[name]])),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: -1, max: 1 })
      .map((value): Typed => ({ tree: { kind: 'constant', value }, lengths: {} })),
  },
);

function fits(...parts: Typed[]): boolean {
  const all = new Map<string, number>();
  for (const part of parts) {
    for (const [name, length] of Object.entries(part.lengths)) {
      if ((all.get(name) ?? length) !== length) return false;
      all.set(name, length!);
    }
  }
  return true;
}

/** Whether it is more than a number, which nothing makes missing. */
function hasSource(tree: Tree): boolean {
  return /v\d/.test(textOfTree(tree));
}

const grown = (depth: number): fc.Arbitrary<Typed> => {
  if (depth === 0) return leaf;
  const inner = grown(depth - 1);
  return fc.oneof(
    leaf,
    fc.tuple(fc.constantFrom('+', '-', '*', '/', '<', '>='), inner, inner).map(
      ([operator, left, right]): Typed =>
        fits(left, right)
          ? {
              tree: { kind: 'binary', operator, left: left.tree, right: right.tree },
              lengths: { ...left.lengths, ...right.lengths },
            }
          : left,
    ),
    fc.tuple(inner, inner, inner).map(
      ([condition, yes, no]): Typed =>
        fits(condition, yes, no)
          ? {
              tree: { kind: 'where', condition: condition.tree, yes: yes.tree, no: no.tree },
              lengths: { ...condition.lengths, ...yes.lengths, ...no.lengths },
            }
          : yes,
    ),
    fc.tuple(inner, inner).map(
      ([condition, yes]): Typed =>
        fits(condition, yes) && (hasSource(condition.tree) || hasSource(yes.tree))
          ? {
              tree: { kind: 'where', condition: condition.tree, yes: yes.tree },
              lengths: { ...condition.lengths, ...yes.lengths },
            }
          : yes,
    ),
    fc.tuple(inner, inner).map(
      ([input, value]): Typed =>
        fits(input, value)
          ? {
              tree: { kind: 'fill', input: input.tree, value: value.tree },
              lengths: { ...input.lengths, ...value.lengths },
            }
          : input,
    ),
    fc.tuple(fc.constantFrom('abs', 'negate', 'isnan', 'is_missing'), inner).map(
      ([name, input]): Typed => ({
        tree: { kind: 'unary', name: name as 'abs', input: input.tree },
        lengths: input.lengths,
      }),
    ),
    fc
      .tuple(inner, fc.nat(), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 3 }))
      .map(([input, which, a, b, step]): Typed => {
        const names = Object.keys(input.lengths);
        if (names.length === 0) return input;
        const dimension = names[which % names.length];
        const length = input.lengths[dimension]!;
        const start = a % length;
        const end = start + 1 + (b % (length - start));
        const slice: Tree = { kind: 'slice', input: input.tree, dimension, start, end, step };
        return { tree: slice, lengths: { ...input.lengths, [dimension]: Math.ceil((end - start) / step) } };
      }),
    // More than a few runs of indices are one node that gathers them.
    fc
      .tuple(inner, fc.nat(), fc.array(fc.nat(), { minLength: 1, maxLength: 50, size: 'max' }))
      .map(([input, which, list]): Typed => {
        const names = Object.keys(input.lengths);
        if (names.length === 0) return input;
        const dimension = names[which % names.length];
        const indices = list.map((index) => index % input.lengths[dimension]!);
        return {
          tree: { kind: 'list', input: input.tree, dimension, indices },
          lengths: { ...input.lengths, [dimension]: indices.length },
        };
      }),
    fc.tuple(inner, fc.nat(), fc.nat()).map(([input, which, index]): Typed => {
      const names = Object.keys(input.lengths);
      if (names.length === 0) return input;
      const dimension = names[which % names.length];
      const { [dimension]: length, ...rest } = input.lengths;
      return { tree: { kind: 'index', input: input.tree, dimension, index: index % length! }, lengths: rest };
    }),
    fc
      .tuple(fc.constantFrom('mean', 'sum', 'min', 'max', 'std', 'var', 'count'), inner, fc.nat({ max: 7 }))
      .map(([operation, input, bits]): Typed => {
        if (input.tree.kind === 'constant') return input;
        const names = Object.keys(input.lengths);
        const dimensions = names.filter((_, i) => ((bits >> i) & 1) === 1);
        const gone = dimensions.length === 0 ? names : dimensions;
        const rest = Object.fromEntries(
          Object.entries(input.lengths).filter(([name]) => !gone.includes(name)),
        );
        return { tree: { kind: 'reduce', operation, input: input.tree, dimensions }, lengths: rest };
      }),
  );
};

function assertClose(
  actual: { values: ArrayLike<number | bigint>; mask?: Uint8Array; shape: number[] },
  expected: Plain,
  text: string,
): void {
  assert.equal(actual.values.length, expected.values.length, text);
  expected.values.forEach((value, i) => {
    const missing = (actual.mask?.[i] ?? 0) !== 0;
    assert.equal(missing, value === null, `${text}: mask at ${i}`);
    if (value === null) return;
    const got = Number(actual.values[i]);
    const close =
      Object.is(got, value) || got === value || Math.abs(got - value) <= 1e-9 * Math.max(1, Math.abs(value));
    assert.ok(close, `${text}: at ${i} expected ${value}, got ${got}`);
  });
}

describe('running a plan', () => {
  it('gives what a plain evaluation gives, with equal bits in any order of tasks', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(
        sample,
        grown(4),
        fc.constantFrom(64, 200, 1000, 1e9),
        fc.constantFrom(64, 300, 1e9),
        // Most doubles of `fc.double` are about 0, which would always be the first task.
        fc.infiniteStream(fc.nat({ max: 999 }).map((number) => number / 1000)),
        async (variables, { tree }, targetBlockBytes, tileBytes, stream) => {
          const dataset = sampleDataset(variables);
          const text = textOfTree(tree);
          const plan = await planText(text, dataset, { targetBlockBytes });
          const random = () => stream.next().value as number;
          const blocks = await runPlan(plan, variables, { tileBytes, random });
          const again = await runPlan(plan, variables, { tileBytes });
          assert.deepEqual(blocks, again);
          const expected = evaluateTree(tree, variables);
          const result = assemble(plan, blocks);
          assert.deepEqual(plan.result!.dimensions.toSorted(), expected.dimensions.toSorted());
          if (plan.result!.dimensions.join() === expected.dimensions.join()) {
            assertClose(result as never, expected, text);
          }
        },
      ),
      { numRuns: 100, endOnFailure: true },
    );
  });
});
