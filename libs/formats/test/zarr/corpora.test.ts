import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { sharedCorpora } from '@hyperslab/testing';
import { valuesOf, withStore } from './reference.ts';

const corpora = sharedCorpora();
const roots = ['.zmetadata', 'zarr.json', '.zgroup', '.zarray'];

/** Stores whose values are only described, and why. */
const described: [name: RegExp, reason: RegExp][] = [
  [/pcodec/, /^codec "(numcodecs\.)?pcodec" is not supported$/],
  [/zfpy/, /^codec "(numcodecs\.)?zfpy" is not supported$/],
  [/datetime64\[Y\]/, /^an element is a moment in units of "Y"/],
  [/timedelta64\[ps\]/, /^an element is a duration in units of "ps"/],
  [/v3_bytes/, /^an element is bytes of any length$/],
  [/array_optional/, /^its type \{"name": "optional".* is not known$/],
  [/storage_transformer\/exists/, /^its storage transformers .* are not supported$/],
];

const counted = (count: number) => Array.from({ length: count }, (_, i) => i);
const missing = -(2n ** 63n);

/** CF's names of the units of numpy. */
const unitNames: Record<string, string> = {
  W: 'days',
  D: 'days',
  h: 'hours',
  m: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
};

/** What the makers of the stores say that these hold: all values, or the first. */
const known: Record<string, (number | bigint | string)[]> = {
  'zarr_python_compat/float_v2_fv_null.zarr': [Math.fround(3.14), Math.fround(2.71), 0, 0, 0],
  'zarr_python_compat/int_v2_fv_null.zarr': [42, 123, 0, 0, 0],
  'zarr_python_compat/bool_v2_fv_null.zarr': [1, 0, 0, 0, 0],
  'zarr_python_compat/str_v2_fv_0.zarr': ['a', 'bb', '', '', ''],
  'zarr_python_compat/str_v2_fv_null.zarr': ['a', 'bb', '', '', ''],
  'zarr_python_compat/fixed_length_utf32_v2_be.zarr': ['abc', '🎉', 'hi', 'te', ''],
  'zarr_python_compat/fixed_length_utf32_v2_le.zarr': ['abc', '🎉', 'hi', 'te', ''],
  'zarr_python_compat/fixed_length_utf32_v3_le.zarr': ['abc', '🎉', 'hi', 'te', ''],
  'zarr_python_compat/adler32.zarr': counted(10000),
  'zarr_python_compat/fletcher32.zarr': counted(10000),
  'zarr_python_compat/datetime64[h].zarr': [0n, missing, 307608n, 307612n, 307612n, missing],
  'zarr_python_compat/datetime64[10ms].zarr': [
    0n,
    missing,
    110738880000n,
    110740350000n,
    110740350600n,
    missing,
  ],
  // Rounded to three bits from the first that is set, ties to even; the greatest that the type can hold is 224.
  'bitround/bitround_uint8.zarr': [0, 1, 10, 12, 96, 128, 192, 192, 224, 224],
  'bitround/bitround_float32.zarr': [0, 0.1015625, 1.25, 12, 120, 1280, Number.NaN, Infinity, -Infinity],
  'sharding_index_location/start': counted(4096),
  'sharding_index_location/end': counted(4096),
};

describe('zarr: conformance corpora', function () {
  this.timeout(30_000);
  if (corpora === undefined) {
    it('need ../shared/corpora beside the repository', function () {
      this.skip();
    });
    return;
  }
  const zarrs = join(corpora, 'zarr-zarrs/zarrs/tests/data');
  const java = join(corpora, 'zarr-java/testdata');
  const folders = ['v2', 'v3', 'v3_zarr_python', 'zarr_python_compat'].map((name) => join(zarrs, name));
  for (const folder of [
    ...folders,
    join(zarrs, 'codec/bitround'),
    join(java, 'sharding_index_location'),
    join(java, 'storage_transformer'),
  ]) {
    const group = folder.split('/').at(-1)!;
    for (const name of readdirSync(folder).sort()) {
      const root = roots
        .flatMap((file) => [join(folder, name, file), join(folder, name, 'array', file)])
        .find(existsSync);
      it(`${group}/${name}`, () =>
        withStore(root!, async (store) => {
          const [variable] = store.variables.values();
          const reason = described.find(([pattern]) => pattern.test(`${group}/${name}`))?.[1];
          if (reason !== undefined) {
            assert.match(variable.notComputable, reason);
            return;
          }
          assert.equal(variable.notComputable, '');
          compareUnits(name, variable);
          const values = [...(await valuesOf(store, variable)).values];
          if (/^v/.test(group) && name.startsWith('array')) assert.deepEqual(values, counted(100));
          const expected = known[`${group}/${name}`];
          if (expected !== undefined) assert.deepEqual(values, expected);
          if (name.startsWith('cities')) assert.deepEqual(values, cities(join(zarrs, 'cities.csv')));
        }));
    }
  }

  it('v2_sample: groups, and the one chunk of each array that is there', () =>
    withStore(join(java, 'v2_sample/.zgroup'), async (store) => {
      assert.deepEqual([...store.variables.keys()].sort(), ['/bool', '/double', '/subgroup/array']);
      for (const [path, variable] of store.variables) {
        const [, rows, columns] = variable.layout!.chunkShape;
        const isWritten = (i: number) => i < 2 * 256 && (i >> 4) % 16 < rows && i % 16 < columns;
        const numberAt = (i: number) => (path === '/bool' ? Number(i !== 0) : i);
        const expected = counted(4096).map((i) => (isWritten(i) ? numberAt(i) : 0));
        assert.deepEqual([...(await valuesOf(store, variable)).values], expected, path);
      }
    }));
});

/** Multiples of a unit are packed; weeks have no name in CF, and are of seven days. */
function compareUnits(name: string, { attributes }: IndexedVariable): void {
  const [, kind, count, unit] = /^(datetime|timedelta)64\[(\d*)(\w+)\]/.exec(name) ?? [];
  if (kind === undefined) return;
  const attribute = (own: string) => attributes.find((each) => each.name === own);
  const epoch = kind === 'datetime' ? ' since 1970-01-01T00:00:00' : '';
  assert.deepEqual(attribute('units')?.strings, [`${unitNames[unit]}${epoch}`]);
  const factor = unit === 'W' ? 7 : Number(count || 1);
  assert.equal(attribute('scale_factor')?.numbers[0] ?? 1, factor);
}

/** Names in the first column of the table that the store was made from. */
function cities(path: string): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}
