import assert from 'node:assert/strict';
import type { Packing } from '@hyperslab/proto/array';
import { unpack } from '../src/index.ts';

const packing = (part: Partial<Packing>): Packing => ({
  missingValues: [],
  missingIntegers: [],
  unpackedDtype: '',
  readUnsigned: false,
  ...part,
});

describe('unpack', () => {
  it('hands on values without packing, uncopied', () => {
    const stored = Float32Array.of(1, 2);
    assert.deepEqual(unpack(stored, 'float32', undefined), { dtype: 'float32', values: stored });
    assert.equal(unpack(stored, 'float32', packing({ unpackedDtype: 'float32' })).values, stored);
  });

  it('scales in float32 step by step when the result is float32, as netCDF4-python', () => {
    const { dtype, values, mask } = unpack(
      Int16Array.of(-32767, 12345, 100),
      'int16',
      packing({
        scaleFactor: Math.fround(0.01),
        addOffset: Math.fround(273.15),
        missingValues: [-32767],
        unpackedDtype: 'float32',
      }),
    );
    assert.equal(dtype, 'float32');
    assert.deepEqual(mask, Uint8Array.of(1, 0, 0));
    const expected = Math.fround(Math.fround(12345 * Math.fround(0.01)) + Math.fround(273.15));
    assert.equal(values[1], expected);
  });

  it('scales in float64 when the result is', () => {
    const { values } = unpack(
      Int16Array.of(3),
      'int16',
      packing({ scaleFactor: 0.1, addOffset: 1, unpackedDtype: 'float64' }),
    );
    assert.equal(values[0], 3 * 0.1 + 1);
  });

  it('tests the valid range and several missing values on packed numbers', () => {
    const { mask } = unpack(
      Int16Array.of(-5, 0, 10, 11, 7, 8, 9),
      'int16',
      packing({
        validMin: 0,
        validMax: 10,
        missingValues: [7, 8, 9, 40_000],
        scaleFactor: 100,
        unpackedDtype: 'float64',
      }),
    );
    assert.deepEqual(mask, Uint8Array.of(1, 0, 0, 1, 1, 1, 1));
  });

  it('gives no mask when nothing is missing', () => {
    assert.equal(
      unpack(Int16Array.of(1, 2), 'int16', packing({ missingValues: [9], validMax: 5 })).mask,
      undefined,
    );
  });

  it('takes NaN for missing only when it is a fill value', () => {
    const values = Float32Array.of(Number.NaN, 1);
    assert.equal(unpack(values, 'float32', packing({ missingValues: [1e20] })).mask, undefined);
    assert.deepEqual(
      unpack(values, 'float32', packing({ missingValues: [Number.NaN] })).mask,
      Uint8Array.of(1, 0),
    );
  });

  it('compares a float64 fill value with float32 data in float32', () => {
    assert.deepEqual(
      unpack(Float32Array.of(1e20, 1), 'float32', packing({ missingValues: [1e20] })).mask,
      Uint8Array.of(1, 0),
    );
  });

  it('reads signed bytes as unsigned, with fill values and ranges given either way', () => {
    const stored = Int8Array.of(-1, -2, 5);
    for (const missing of [-1, 255]) {
      const { dtype, values, mask } = unpack(
        stored,
        'int8',
        packing({ readUnsigned: true, missingValues: [missing], unpackedDtype: 'uint8' }),
      );
      assert.equal(dtype, 'uint8');
      assert.deepEqual(Array.from(values as Uint8Array), [255, 254, 5]);
      assert.deepEqual(mask, Uint8Array.of(1, 0, 0));
    }
    const { mask } = unpack(stored, 'int8', packing({ readUnsigned: true, validMin: 0, validMax: -2 }));
    assert.deepEqual(mask, Uint8Array.of(1, 0, 0));
  });

  it('tells 64-bit integers apart that a double does not', () => {
    const stored = BigInt64Array.of(9223372036854775806n, 9223372036854775807n, -1n);
    const { mask } = unpack(stored, 'int64', packing({ missingIntegers: ['9223372036854775807'] }));
    assert.deepEqual(mask, Uint8Array.of(0, 1, 0));
    const ranged = unpack(stored, 'int64', packing({ validMin: 0 }));
    assert.deepEqual(ranged.mask, Uint8Array.of(0, 0, 1));
    const scaled = unpack(
      BigInt64Array.of(4n),
      'int64',
      packing({ scaleFactor: 0.5, unpackedDtype: 'float64' }),
    );
    assert.deepEqual(scaled.values, Float64Array.of(2));
  });

  it('leaves text alone', () => {
    assert.deepEqual(unpack(['a'], 'string', packing({})), { dtype: 'string', values: ['a'] });
    const bytes = Uint8Array.of(65, 0);
    assert.deepEqual(unpack(bytes, 'char', packing({ unpackedDtype: 'char' })).values, bytes);
  });
});
