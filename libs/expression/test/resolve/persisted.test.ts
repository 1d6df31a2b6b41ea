import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import type { MaskedArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { Plan, type ResultDescription } from '@hyperslab/proto/expression';
import fc from 'fast-check';
import { type PersistedArray, parseExpression, planComputation, resolve } from '../../src/index.ts';
import { type RandomCube, randomCube } from '../operations/random-cube.ts';
import { assemble, planText, type RunOptions, runPlan } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const jobId = '0123456789abcdef0123';
const reference = `job:${jobId}`;

/** A job that has persisted an expression: what others know of it, and its blocks. */
async function persist(text: string, { variables, cubes }: RandomCube, options: RunOptions) {
  const plan = await planText(text, sampleDataset(variables, cubes), options);
  const blocks = await runPlan(plan, variables, options);
  const kept: PersistedArray = { jobId, stage: plan.stages.length - 1, result: plan.result! };
  return { kept, blocks };
}

async function planOf(
  text: string,
  kept: PersistedArray,
  options: RunOptions,
  own = reference,
): Promise<Plan> {
  const resolved = await resolve(parseExpression(text), own, {
    datasets: new Map(),
    persisted: new Map([[reference, kept]]),
  });
  return Plan.decode(Plan.encode(planComputation(resolved, options)).finish());
}

/** What a result is but for how it is cut, and what it is called. */
function meaningOf({ blockGrid: _, name: __, ...meaning }: ResultDescription) {
  return meaning;
}

function assertClose(actual: MaskedArray, expected: MaskedArray, what: string): void {
  assert.deepEqual([actual.dtype, actual.shape], [expected.dtype, expected.shape], what);
  const allowed = actual.dtype === 'float32' ? 1e-5 : 1e-11;
  for (let i = 0; i < expected.values.length; i++) {
    const [got, wanted] = [Number(actual.values[i]), Number(expected.values[i])];
    assert.equal(actual.mask?.[i] ?? 0, expected.mask?.[i] ?? 0, `${what}: mask at ${i}`);
    if (expected.mask?.[i]) continue;
    const isClose =
      Object.is(got, wanted) || Math.abs(got - wanted) <= allowed * Math.max(1, Math.abs(wanted));
    assert.ok(isClose, `${what}: at ${i}: ${got}, not ${wanted}`);
  }
}

/** Of `t`, along dimensions that all cubes have. */
const texts = [
  't',
  't * 2 - 1',
  't[time=#0, lat=#-1]',
  't[time=#::#2, lat=#::#-1]',
  't[lat=#[0, 0]]',
  't[time=#-2:][lat=#0:#2]',
  'mean(t, time)',
  'max(t)',
  'std(t - mean(t, time), time)',
  'median(t, lat)',
  'rolling(t, sum, time=1)',
  'cumsum(t, time)',
  'coarsen(t, mean, lat=2, boundary=pad)',
  'group(t, max, time=month)',
  'argmax(t, time)',
  'mean(t, lat, weights=cos(convert(lat, "radian")))',
  't * convert(lat, "radian")',
  'month(time)',
];

describe('what a job has persisted', () => {
  it('gives as an operand what the expression gives that it was made of', async function () {
    this.timeout(60_000);
    const cubes = randomCube({ dimensions: ['time', 'lat'], longest: 6 });
    await fc.assert(
      fc.asyncProperty(
        cubes,
        fc.constantFrom(...texts),
        fc.constantFrom(64, 200, 5000),
        async (cube, text, targetBlockBytes) => {
          const options = { targetBlockBytes, tileBytes: targetBlockBytes / 4 };
          const { kept, blocks } = await persist('t', cube, options);
          const sums = blocks.map((block) => crc32(block));
          const plan = await planOf(text, kept, options);
          const persisted = new Map([[jobId, blocks]]);
          const found = await runPlan(plan, cube.variables, { ...options, persisted, random: Math.random });
          assert.deepEqual(await runPlan(plan, cube.variables, { ...options, persisted }), found, text);
          assert.deepEqual(
            blocks.map((block) => crc32(block)),
            sums,
            'a persisted block was written to',
          );
          const direct = await planText(text, sampleDataset(cube.variables, cube.cubes), options);
          assert.deepEqual(meaningOf(plan.result!), meaningOf(direct.result!), text);
          const expected = assemble(direct, await runPlan(direct, cube.variables, options));
          assertClose(assemble(plan, found), expected, text);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('has times of the calendar that they are of', async () => {
    const time: SampleVariable = {
      name: 'time',
      dimensions: ['time'],
      array: numbers('float64', [3], [1, 2, 4]),
      attributes: { units: 'hours since 2000-01-01', calendar: 'noleap', standard_name: 'time' },
    };
    const t = { name: 't', dimensions: ['time'], array: numbers('float32', [3], [1, 2, 4]) };
    const variables = [t, time];
    const cubes = { t: [{ variable: 'time', dimensions: ['time'] }] };
    const { kept } = await persist('t', { variables, cubes, lengths: { time: 3 } }, {});
    const own = sampleDataset(variables, cubes);
    const related = (calendar: string) =>
      resolve(parseExpression(`"${reference}:time" - time`), own.name, {
        datasets: new Map([
          [own.name, sampleDataset([t, { ...time, attributes: { ...time.attributes, calendar } }], cubes)],
        ]),
        persisted: new Map([[reference, kept]]),
      });
    assert.equal((await related('noleap')).result.units, 'hours');
    await assert.rejects(related('360_day'), (error) => isHyperslabError(error, 'EXPRESSION_INVALID'));
  });

  const lat: SampleVariable = {
    name: 'lat',
    dimensions: ['lat'],
    array: numbers('float64', [3], [10, 20, 30]),
    attributes: { units: 'degrees_north', standard_name: 'latitude' },
  };
  const cube: RandomCube = {
    variables: [
      {
        name: 't',
        dimensions: ['lat'],
        array: numbers('float32', [3], [1, 2, 4]),
        attributes: { units: 'degC' },
      },
      lat,
    ],
    cubes: { t: [{ variable: 'lat', dimensions: ['lat'] }] },
    lengths: { lat: 3 },
  };

  it('is named by its job in any expression, and has its coordinates', async () => {
    const { kept, blocks } = await persist('t + 1', cube, {});
    const value = async (text: string, own?: string) => {
      const plan = await planOf(text, kept, {}, own);
      const found = await runPlan(plan, [], { persisted: new Map([[jobId, blocks]]) });
      return [...(assemble(plan, found).values as Float64Array)];
    };
    assert.deepEqual(await value('result'), [2, 3, 5]);
    assert.deepEqual(await value(`"${reference}" * 2`, 'sample'), [4, 6, 10]);
    assert.deepEqual(await value(`"${reference}"[latitude=20]`, 'sample'), [3]);
    assert.deepEqual(await value(`"${reference}:lat" + 0`, 'sample'), [10, 20, 30]);
    assert.deepEqual(await value('result[lat=mask(lat > 15)]'), [3, 5]);
  });

  it('is no reading on a scale when it was a sum or a difference', async () => {
    const { kept } = await persist('t - 1', cube, {});
    await assert.rejects(planOf('convert(result, "K")', kept, {}), /may be a difference/);
  });

  it('has no variables but these', async () => {
    const { kept } = await persist('t', cube, {});
    await assert.rejects(
      planOf('latt', kept, {}),
      (error) => isHyperslabError(error, 'VARIABLE_NOT_FOUND') && /did you mean lat/.test(error.message),
    );
    await assert.rejects(
      planOf('result[lat=mask(result > 1)]', kept, {}),
      /not known before they are computed/,
    );
  });
});
