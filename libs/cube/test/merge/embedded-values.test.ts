import assert from 'node:assert/strict';
import { type DataType, encodeValues, type NumericValues, wholeSelection } from '@hyperslab/array';
import type { FileIndex } from '@hyperslab/proto/index';
import { readArray } from '@hyperslab/reader';
import { memorySource } from '@hyperslab/storage';
import { aggregate, openManifest } from '../../src/index.ts';
import { buildIndex, type FileSketch, type VariableSketch } from '../build-index.ts';
import { hours } from './merge-sketches.ts';

/** A file whose variable `name` is too large to be in its index: its values lie in the file, and are hashed. */
function withHashed(sketch: FileSketch, name: string, dtype: DataType, values: NumericValues) {
  const index = buildIndex(sketch);
  const variable = index.root!.variables.find((each) => each.name === name)!;
  const stored = Buffer.from(encodeValues({ dtype, shape: [values.length], values }));
  variable.layout!.codecs = [{ name: 'bytes', configuration: '{"endian":"little"}' }];
  variable.chunks = { offsets: [0], lengths: [stored.length], skippedCodecs: [] };
  variable.contentSha256 = `hash of ${sketch.url}`;
  index.version = undefined;
  return { index, stored };
}

/** Merged values of a variable as a reader has them; null where they are missing. */
async function published(indexes: FileIndex[], name: string, files: Record<string, Buffer> = {}) {
  const { dataset, manifest } = await aggregate(indexes);
  const variable = dataset.variables.find((each) => each.name === name)!;
  assert.equal(variable.data?.$case, 'manifestArray');
  const { values, mask } = await readArray({
    variable,
    ranges: wholeSelection(variable.shape),
    manifest: await openManifest(memorySource('manifest', manifest)),
    storage: { open: (url) => memorySource(url, files[url]) },
  });
  return Array.from(values as ArrayLike<number>, (value, i) => (mask?.[i] === 1 ? null : value));
}

describe('values that the manifest holds', () => {
  const extent = 40_000;
  /** Half of the flags, with a number of its own for missing ones. */
  const half = (url: string, from: number, dtype: string, fill: number, values: number[]): FileIndex => {
    const flags = Array.from({ length: extent }, (_, i) => values[i % values.length]);
    return buildIndex({
      url,
      dimensions: { x: extent },
      variables: {
        x: { dtype: 'float64', dimensions: ['x'], values: flags.map((_, i) => from + i) },
        flag: { dtype, dimensions: ['x'], values: flags, attributes: { _FillValue: fill } },
        t: { dimensions: ['x'], attributes: { coordinates: 'flag' } },
      },
    });
  };

  it('mark missing ones by a number that is none of the others', async () => {
    for (const [dtype, used] of [
      ['uint8', 255],
      ['int8', -127],
      ['uint16', 65535],
      ['int32', -2147483647],
    ] as const) {
      const files = [half('a', 0, dtype, 0, [0, used, 1, 7]), half('b', extent, dtype, 1, [7, used, 1, 0])];
      const found = await published(files, 'flag');
      assert.deepEqual(found.slice(0, 4), [null, used, 1, 7], dtype);
      assert.deepEqual(found.slice(extent, extent + 4), [7, used, null, 0], dtype);
    }
  });

  it('are stored wider where they take every number of their type', async () => {
    for (const [dtype, first] of [
      ['uint8', 0],
      ['int8', -128],
    ] as const) {
      const all = Array.from({ length: 256 }, (_, i) => first + i);
      const turned = all.toReversed();
      const files = [half('a', 0, dtype, first, all), half('b', extent, dtype, first + 1, turned)];
      const found = await published(files, 'flag');
      assert.deepEqual(found.slice(0, 256), all.with(0, null as never), dtype);
      assert.deepEqual(found.slice(extent, extent + 256), turned.with(254, null as never), dtype);
    }
  });

  it('are missing where equal ones are stored with another number for it', async () => {
    const file = (url: string, time: number, dtype: string, fill: number, method: string) => {
      const values = Array.from({ length: extent }, (_, i) => (i % 2 === 0 ? i : fill));
      const flag = { dtype, dimensions: ['x'], values };
      return buildIndex({
        url,
        dimensions: { time: 1, x: extent },
        variables: {
          t: { dimensions: ['time', 'x'] },
          time: { dtype: 'float64', dimensions: ['time'], values: [time], attributes: { units: hours } },
          flag: { ...flag, attributes: { _FillValue: fill, cell_methods: method } },
        },
      });
    };
    const indexes = [file('a', 0, 'float32', -999, 'x: mean'), file('b', 1, 'float64', -9, 'x: maximum')];
    assert.deepEqual((await published(indexes, 'flag')).slice(0, 4), [0, null, 2, null]);
  });

  it('are repeated over the steps of their file', async () => {
    const tile = (url: string, from: number, x: number[], height: VariableSketch): FileSketch => ({
      url,
      dimensions: { time: 2, x: x.length },
      variables: {
        t: { dimensions: ['time', 'x'], attributes: { coordinates: 'h' } },
        time: {
          dtype: 'float64',
          dimensions: ['time'],
          values: [from, from + 1],
          attributes: { units: hours },
        },
        x: { dtype: 'float64', dimensions: ['x'], values: x },
        h: { dtype: 'float64', dimensions: ['x'], ...height },
      },
    });
    const large = [0, 2].map((from) =>
      withHashed(tile(`large${from}`, from, [2, 3, 4], {}), 'h', 'float64', Float64Array.of(from, 8, 9)),
    );
    const indexes = [0, 2].map((from) => buildIndex(tile(`${from}`, from, [0, 1], { values: [6, from] })));
    const found = await published([...indexes, ...large.map(({ index }) => index)], 'h', {
      large0: large[0].stored,
      large2: large[1].stored,
    });
    const rows = [0, 0, 2, 2].map((from) => [6, from, from, 8, 9]);
    assert.deepEqual(found, rows.flat());
  });

  const observations = (url: string, height: VariableSketch, count: number): FileSketch => ({
    url,
    dimensions: { n: count, x: 2 },
    unlimited: ['n'],
    variables: {
      t: { dimensions: ['n', 'x'], attributes: { coordinates: 'h', units: 'K' } },
      h: { dtype: 'float64', dimensions: ['n', 'x'], ...height },
    },
  });

  it('are those of small pieces beside ones that are too large for an index', async () => {
    const attributes = { units: 'hours since 2000-01-01', standard_name: 'time' };
    const small = (url: string, values: number[], more: Record<string, string | number> = {}) =>
      buildIndex(observations(url, { values, attributes: { ...attributes, ...more } }, values.length / 2));
    const large = withHashed(
      observations('large', { attributes }, 3),
      'h',
      'float64',
      Float64Array.of(5, 6, 7, 8, 9, 10),
    );
    const indexes = [
      small('a', [1, 2, 3, 4]),
      large.index,
      small('b', [11, -9], { _FillValue: -9 }),
      small('c', [1, 2, 3, 4]),
      small('d', [1, -9], { units: 'days since 2000-01-01', _FillValue: -9 }),
    ];
    const found = await published(indexes, 'h', { large: large.stored });
    assert.deepEqual(found, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, null, 1, 2, 3, 4, 24, null]);
  });
});
