import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import fc from 'fast-check';
import { isSamePart, parseExpression, planComputation, resolve } from '../../src/index.ts';
import { type RandomCube, randomCube } from '../operations/random-cube.ts';
import { assemble, type RunOptions, runPlan } from '../run-plan.ts';
import { numbers, sampleDataset } from '../sample-dataset.ts';

const jobId = '0123456789abcdef0123';

const sums = [
  'mean(t, time)',
  'sum(t, time)',
  'mean(t * t, time) - 1',
  'mean(t, lat)',
  'mean(t, time, lat)',
  'mean(t, lon)',
  'max(t, time) - mean(t, time)',
  'mean(t, time) - mean(t, lat)',
  'mean(t[time=#::#-1], time)',
  'mean(max(t, time), lat)',
  't - mean(t, time)',
  'mean(transpose(t, lon, lat, time), time)',
];
const others = [
  't * 3 - 1',
  'max(t, time)',
  'min(t * 2, lat) / 3',
  'diff(t, time)',
  'std(t, time)',
  'cumsum(t, time)',
  'rolling(t, mean, time=1)',
];
/** Selections of what may be left. */
const selections = ['time=#1', 'lat=#1:', 'lat=#-1', 'lon=:#2', 'lon=#::#2', 'lon=#0', 'lon=#[2, 0]'];

/** Numbers of which no sum is exact. */
function uneven({ variables, ...cube }: RandomCube): RandomCube {
  const third = ({ dtype, shape, values, mask }: MaskedArray): MaskedArray => {
    const uneven = Array.from(values as Float64Array, (value) => value / 3 + 0.1);
    return { ...numbers(dtype as 'float32', shape, uneven), mask };
  };
  const floats = variables.map((each) => (each.name === 't' ? { ...each, array: third(each.array) } : each));
  return { ...cube, variables: floats };
}

async function planOf(text: string, cube: RandomCube, options: RunOptions) {
  const catalog = { datasets: new Map([['sample', sampleDataset(cube.variables, cube.cubes)]]) };
  const resolved = await resolve(parseExpression(text), 'sample', catalog);
  return { resolved, plan: planComputation(resolved, options) };
}

describe('a part of a result that is kept', () => {
  it('is what would be computed, to the bit, where it is said so', async function () {
    this.timeout(120_000);
    const same = { sums: 0, others: 0 };
    const property = fc.asyncProperty(
      randomCube({ dimensions: ['time', 'lat', 'lon'], dtypes: ['float32', 'float64'] }).map(uneven),
      fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...sums) }, fc.constantFrom(...others)),
      fc.subarray(selections, { minLength: 1, maxLength: 2 }),
      fc.constantFrom(100, 400, 2000, 2 ** 25),
      async (cube, whole, some, targetBlockBytes) => {
        const { variables } = cube;
        const options = { targetBlockBytes, tileBytes: targetBlockBytes / 4 };
        const text = `(${whole})[${some.join('][')}]`;
        const own = await planOf(text, cube, options).catch(() => undefined);
        fc.pre(own !== undefined);
        const { selection } = own!.resolved;
        assert.ok(selection !== undefined, text);
        const kept = await planOf(whole, cube, options);
        assert.deepEqual(planComputation(selection.resolveWhole(), options), kept.plan, text);
        const reading = await selection.readFrom({ jobId, stage: 0, result: kept.plan.result! });
        assert.ok(reading !== undefined, text);
        const resultGrid = own!.plan.result!.blockGrid;
        const plan = planComputation(reading, { ...options, resultGrid });
        assert.deepEqual(plan.result, own!.plan.result, text);
        const persisted = new Map([[jobId, await runPlan(kept.plan, variables, options)]]);
        const taken = assemble(plan, await runPlan(plan, variables, { ...options, persisted }));
        const computed = assemble(own!.plan, await runPlan(own!.plan, variables, options));
        const isSame = isSamePart(kept.plan, own!.plan);
        assert.deepEqual([taken.shape, taken.mask], [computed.shape, computed.mask], text);
        if (!isSame) return;
        same[sums.includes(whole) ? 'sums' : 'others']++;
        assert.deepEqual(taken, computed, text);
      },
    );
    await fc.assert(property, { numRuns: 200 });
    assert.ok(same.sums > 5 && same.others > 5, `${same.sums} sums and ${same.others} others were the same`);
  });
});
