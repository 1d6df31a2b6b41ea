import assert from 'node:assert/strict';
import type { Attribute } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { packingOf } from '../../src/cf/packing.ts';

const number = (name: string, dtype: string, ...numbers: number[]): Attribute => ({
  name,
  dtype,
  strings: [],
  numbers,
  integers: [],
});
const text = (name: string, value: string): Attribute => ({
  name,
  dtype: 'char',
  strings: [value],
  numbers: [],
  integers: [],
});

function packed(
  dtype: string,
  attributes: Attribute[],
  format = 'netcdf3',
  more: Partial<IndexedVariable> = {},
) {
  const variable = {
    name: 'v',
    dtype,
    dimensions: [],
    shape: [],
    attributes,
    notComputable: '',
    contentSha256: '',
    ...more,
  };
  return packingOf(variable, format);
}

describe('packing', () => {
  it('unpacks in the type of scale and offset', () => {
    const scale = (type: string) => number('scale_factor', type, 0.5);
    assert.equal(packed('int16', [scale('float32')]).unpackedDtype, 'float32');
    assert.equal(
      packed('int16', [scale('float32'), number('add_offset', 'float64', 1)]).unpackedDtype,
      'float64',
    );
    assert.equal(packed('float64', [scale('float32')]).unpackedDtype, 'float64');
    assert.equal(packed('int16', []).unpackedDtype, 'int16');
  });

  it('knows default fills of netCDF, but not of bytes nor of HDF5', () => {
    assert.deepEqual(packed('int16', []).missingValues, [-32767]);
    assert.deepEqual(packed('float32', []).missingValues, [9.969209968386869e36]);
    assert.deepEqual(packed('int64', [], 'netcdf3').missingIntegers, ['-9223372036854775806']);
    assert.deepEqual(packed('int8', []).missingValues, []);
    assert.deepEqual(packed('uint8', []).missingValues, []);
    assert.deepEqual(packed('char', []).missingValues, []);
    assert.deepEqual(packed('int16', [], 'hdf5', { fillValue: -32767 }).missingValues, []);
    assert.deepEqual(packed('int16', [], 'netcdf4', { fillValue: -32767 }).missingValues, [-32767]);
  });

  it('masks nothing in a netCDF-4 variable without a fill value (NC_NOFILL)', () => {
    assert.deepEqual(packed('int16', [], 'netcdf4').missingValues, []);
  });

  it('takes _FillValue and all of missing_value, in the stored type', () => {
    const attributes = [number('_FillValue', 'float64', 1e20), number('missing_value', 'float64', 1e20, -1)];
    assert.deepEqual(packed('float32', attributes).missingValues, [Math.fround(1e20), -1]);
    assert.deepEqual(packed('int16', [number('_FillValue', 'float64', 1e20)]).missingValues, []);
    assert.deepEqual(packed('float64', [number('_FillValue', 'float64', Number.NaN)]).missingValues, [
      Number.NaN,
    ]);
  });

  it('holds 64-bit integers that a double would not', () => {
    const fill: Attribute = {
      name: '_FillValue',
      dtype: 'int64',
      strings: [],
      numbers: [],
      integers: ['-9223372036854775807'],
    };
    const packing = packed('int64', [fill]);
    assert.deepEqual(packing.missingIntegers, ['-9223372036854775807']);
    assert.equal(packing.unwrittenInteger, '-9223372036854775807');
  });

  it('reads valid ranges that the stored type can hold', () => {
    const range = packed('int16', [number('valid_range', 'int16', -10, 10)]);
    assert.deepEqual([range.validMin, range.validMax], [-10, 10]);
    const limits = packed('float32', [
      number('valid_min', 'float64', 0.5),
      number('valid_max', 'float32', 2),
    ]);
    assert.deepEqual([limits.validMin, limits.validMax], [0.5, 2]);
    assert.equal(packed('int16', [number('valid_max', 'float32', 10.5)]).validMax, undefined);
  });

  it('reads integers as unsigned where _Unsigned says so', () => {
    const packing = packed('int8', [text('_Unsigned', 'true'), number('_FillValue', 'int8', -1)]);
    assert.deepEqual(
      [packing.readUnsigned, packing.unpackedDtype, packing.missingValues],
      [true, 'uint8', [-1]],
    );
    assert.equal(packed('int8', [text('_Unsigned', 'false')]).readUnsigned, false);
    assert.equal(packed('float32', [text('_Unsigned', 'true')]).readUnsigned, false);
  });

  it('knows what unwritten chunks hold', () => {
    const fill = number('_FillValue', 'int16', 7);
    assert.equal(packed('int16', [fill], 'hdf5', { fillValue: 3 }).unwrittenValue, 3);
    assert.equal(packed('int16', [fill], 'netcdf4').unwrittenValue, 7);
    assert.equal(packed('int16', [], 'netcdf4').unwrittenValue, -32767);
    assert.equal(packed('int16', [], 'hdf5').unwrittenValue, undefined);
  });
});
