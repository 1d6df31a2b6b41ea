import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import type { FieldSet, FileIndex } from '@hyperslab/proto/index';
import { aggregate } from '../../src/index.ts';
import { fieldFile, fieldSet } from './field-sketches.ts';

type Interval = [number, number, number];

/** Layers of a day: middle and ends. */
function layers(day: number, ...depths: Interval[]): FieldSet {
  return fieldSet(
    't',
    depths.map((depth) => ({ time: 24 * day, depth })),
  );
}

/** Intervals of hours since a reference time, as a reader has them: with `isTold` it holds others apart. */
function intervals(spans: [number, number][], isTold = false): FieldSet {
  const set = fieldSet(
    'tp',
    spans.map(([from, to]) => ({ forecast_reference_time: 48, time: [48 + to, 48 + from, 48 + to] })),
  );
  if (!isTold) return set;
  const told = {
    name: 'intervals_since_reference',
    dtype: 'float64',
    strings: [],
    integers: [],
    numbers: [1],
  };
  const coordinates = set.coordinates.map((coordinate) => {
    const variable = coordinate.variable!;
    if (variable.name !== 'time') return coordinate;
    return { ...coordinate, variable: { ...variable, attributes: [...variable.attributes, told] } };
  });
  return { ...set, coordinates };
}

/** Both orders of two files are refused, naming each with what it has. */
async function refuses(files: [FileIndex, FileIndex], message: RegExp, sides: string[]): Promise<void> {
  for (const order of [files, files.toReversed()]) {
    await assert.rejects(aggregate(order), (error) => {
      assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'), String(error));
      assert.match(error.message, message);
      const { file, other_file, value, other_value } = error.details;
      assert.deepEqual([`${file} ${value}`, `${other_file} ${other_value}`].sort(), sides);
      return true;
    });
  }
}

const soil = (url: string, set: FieldSet) => fieldFile(url, { soil: [set] });
const surface = (url: string, tp: FieldSet, buckets: FieldSet[] = []) =>
  fieldFile(url, { surface_accum: [tp], ...(buckets.length === 0 ? {} : { surface_accum_3h: buckets }) });

describe('merging fields of two kinds', () => {
  it('refuses layers of one middle and other ends in two files', async () => {
    await refuses(
      [soil('a', layers(1, [1, 0, 2], [3, 2, 4])), soil('b', layers(2, [1, 0.5, 1.5], [3, 2, 4]))],
      /"t" of . and . can't be one cube: in the first depth 1 is the layer .* to .*, in the second .*; leave some of the files out/,
      ['a 0 to 2', 'b 0.5 to 1.5'],
    );
  });

  it('takes ends of layers that differ by rounding for one layer', async () => {
    const files = [soil('a', layers(1, [0.2, 0.1, 0.3])), soil('b', layers(2, [0.2, 0.1, 0.1 + 0.2]))];
    const { dataset } = await aggregate(files);
    assert.deepEqual(dataset.variables.find(({ name }) => name === 't')?.shape, [2, 2, 3]);
  });

  it('takes hybrid levels of which sigma repeats with other ends', async () => {
    const winds = fieldSet('t', [
      { time: 24, model_level_number: 50, level_height: [18_000, 17_500, 18_600], sigma: [0, 0.0003, 0] },
      { time: 24, model_level_number: 51, level_height: [19_000, 18_600, 19_500], sigma: [0, 0, 0] },
    ]);
    const { dataset } = await aggregate([soil('a', winds)]);
    assert.deepEqual(dataset.variables.find(({ name }) => name === 't')?.shape, [2, 2, 3]);
    const others = fieldSet('t', [
      { time: 48, model_level_number: 51, level_height: [19_000, 18_600, 19_500], sigma: [0, 0.0001, 0] },
    ]);
    await assert.rejects(
      aggregate([soil('a', winds), soil('b', others)]),
      /in the first sigma 0 is the layer/,
    );
  });

  it('takes intervals of one middle and other lengths after the starts of two runs', async () => {
    const month = (url: string, start: number, from: number, to: number) => {
      const [lead, middle] = [(from + to) / 2, start + (from + to) / 2];
      const time: Interval = [middle, start + from, start + to];
      return soil(url, fieldSet('t', [{ time, forecast_period: [lead, from, to] }]));
    };
    const { dataset } = await aggregate([month('a', 0, 744, 1440), month('b', 2160, 720, 1464)]);
    assert.deepEqual(dataset.variables.find(({ name }) => name === 't')?.shape, [2, 2, 3]);
  });

  it('refuses hours of one file beside totals of another that has both', async () => {
    const both = surface('both', intervals([[0, 6]], true), [intervals([[3, 6]])]);
    await refuses(
      [both, surface('hours', intervals([[6, 9]]))],
      /"tp" of both and hours can't be one cube: .*since the reference time \(0 to 6 hours\).* hours 6 to 9/,
      ['both 0 to 6', 'hours 6 to 9'],
    );
  });

  it('joins totals of files that have both and of those that have totals alone, and says nothing of how', async () => {
    const { dataset } = await aggregate([
      surface('first', intervals([[0, 3]])),
      surface('both', intervals([[0, 6]], true), [intervals([[3, 6]])]),
    ]);
    const shapes = dataset.variables.filter(({ name }) => /tp$/.test(name)).map(({ shape }) => shape);
    assert.deepEqual(
      shapes.sort((one, other) => other.length - one.length),
      [
        [2, 2, 3],
        [2, 3],
      ],
    );
    const names = dataset.variables.flatMap(({ attributes }) => attributes.map(({ name }) => name));
    assert.ok(!names.includes('intervals_since_reference'));
  });

  it('names the intervals of two files that end together', async () => {
    await assert.rejects(
      aggregate([surface('a', intervals([[0, 6]])), surface('b', intervals([[3, 6]]))]),
      /time_bnds are 2000-01-03T00:00:00Z … 2000-01-03T06:00:00Z and 2000-01-03T03:00:00Z … 2000-01-03T06:00:00Z/,
    );
  });

  it('notes that files are of two centres', async () => {
    const of = (centre: number, day: number) => {
      const set = layers(day, [1, 0, 2]);
      const attribute = { name: 'GRIB_centre', dtype: 'int32', strings: [], integers: [], numbers: [centre] };
      return soil(`centre-${centre}`, { ...set, variable: { ...set.variable!, attributes: [attribute] } });
    };
    const { dataset } = await aggregate([of(54, 1), of(7, 2)]);
    assert.deepEqual(dataset.provenance?.notes, ['t: dropped GRIB_centre, which differ between files']);
  });
});
