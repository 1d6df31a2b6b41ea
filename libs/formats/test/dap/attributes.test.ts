import assert from 'node:assert/strict';
import { type DapAttribute, parseDas, parseDds } from '@hyperslab/dap';
import { convertAttributes } from '../../src/dap/attributes.ts';
import { chunkShapeOf } from '../../src/dap/chunk-shape.ts';
import { addDasAttributes } from '../../src/dap/das-attributes.ts';
import { nameGroups } from '../../src/dap/name-groups.ts';
import { roundingNotes } from '../../src/dap/rounded-numbers.ts';

const attribute = (name: string, type: string, ...values: string[]): DapAttribute => ({ name, type, values });
const converted = (dtype: string, ...attributes: DapAttribute[]) =>
  convertAttributes(attributes, dtype).map(({ name, dtype, strings, numbers, integers }) => [
    name,
    dtype,
    ...strings,
    ...numbers,
    ...integers,
  ]);

describe('attributes of OPeNDAP servers', () => {
  it('fill values have the type and the digits of the values', () => {
    const fill = (dtype: string, type: string, value: string) =>
      converted(dtype, attribute('_FillValue', type, value))[0].slice(1);
    assert.deepEqual(fill('float32', 'Float32', '-9.99999979e+33'), ['float32', Math.fround(-9.99999979e33)]);
    assert.deepEqual(fill('float32', 'Float64', '1e20'), ['float32', Math.fround(1e20)]);
    assert.deepEqual(fill('int16', 'String', '-32768'), ['int16', -32768]);
    assert.deepEqual(fill('int8', 'Byte', '255'), ['int8', -1]);
    assert.deepEqual(converted('int16', attribute('scale_factor', 'String', '0.5')), [
      ['scale_factor', 'float64', 0.5],
    ]);
    assert.deepEqual(converted('int8', attribute('valid_max', 'UInt8', '255')), [['valid_max', 'int8', 255]]);
    assert.deepEqual(fill('int64', 'Int64', '-9223372036854775806'), ['int64', '-9223372036854775806']);
    assert.deepEqual(fill('float64', 'Float64', '-NaN'), ['float64', Number.NaN]);
    assert.deepEqual(fill('float32', 'String', 'none'), ['char', 'none']);
  });

  it('fill values that a server rounded to six digits are those that print so', () => {
    const told = (dtype: string, name: string, ...values: string[]) =>
      converted(dtype, attribute(name, 'Float64', ...values))[0].slice(1);
    assert.deepEqual(told('int32', '_FillValue', '-2.14748e+09'), [
      'int32',
      -2147483647,
      -2147483648,
      -2147480000,
    ]);
    assert.deepEqual(told('int32', 'missing_value', '-1e+08'), ['int32', -99999999, -100000000]);
    assert.deepEqual(told('uint32', '_FillValue', '4.29497e+09'), ['uint32', 4294967295, 4294967294]);
    assert.deepEqual(told('int64', '_FillValue', '-9.22337e+18'), [
      'int64',
      '-9223372036854775806',
      '-9223372036854775808',
      '-9223372036854775807',
      '-9223370000000000000',
    ]);
    assert.deepEqual(told('int32', '_FillValue', '-2.147483647E9'), ['int32', -2147483647]);
    assert.deepEqual(told('int16', '_FillValue', '1e20'), ['float64', 1e20]);
    assert.deepEqual(told('int32', 'valid_range', '-1.23457e+06', '1.23457e+06'), [
      'int32',
      -1234575,
      1234575,
    ]);
    assert.deepEqual(told('int32', 'valid_max', '2.14748e+09'), ['int32', 2147483647]);
    assert.deepEqual(told('float64', '_FillValue', '9.96921e+36'), [
      'float64',
      9.969209968386869e36,
      9.96921e36,
    ]);
    const largest = Math.fround(3.4028234663852886e38);
    assert.deepEqual(told('float32', '_FillValue', '-3.40282e+38'), [
      'float32',
      -largest,
      Math.fround(-3.40282e38),
    ]);
    assert.deepEqual(told('float32', '_FillValue', '-9999'), ['float32', -9999]);
    assert.deepEqual(told('float32', 'flags', '1', '1'), ['float64', 1, 1]);
  });

  it('numbers that a server may have rounded are noted', () => {
    const f = { name: 'f', dtype: 'float32', attributes: [attribute('_FillValue', 'Float32', '-9999.12')] };
    const s = { name: 's', dtype: 'int16', attributes: [attribute('scale_factor', 'Float64', '0.00123457')] };
    assert.deepEqual(roundingNotes([f, s]), [
      'the server may have rounded numbers to six digits: _FillValue -9999.12 of "f", scale_factor 0.00123457 of "s"',
    ]);
    const i = { name: 'i', dtype: 'int32', attributes: [attribute('_FillValue', 'Int32', '-1e+08')] };
    assert.match(roundingNotes([i])[0], /: _FillValue -1e\+08 of "i"$/);
    const exact = { ...f, attributes: [attribute('valid_max', 'Float64', '1013.2512')] };
    assert.deepEqual(roundingNotes([f, s, exact]), []);
    assert.deepEqual(
      roundingNotes([{ ...f, attributes: [attribute('_FillValue', 'Float32', '1e+20')] }]),
      [],
    );
  });

  it('numbers are read as C, Java and Python print them, and others stay text', () => {
    const list = attribute('a', 'Float64', '1', '-2.5f', '.5', '1e3', 'inf', '-Infinity', 'NaN');
    assert.deepEqual(converted('', list), [
      ['a', 'float64', 1, -2.5, 0.5, 1000, Infinity, -Infinity, Number.NaN],
    ]);
    assert.deepEqual(converted('', attribute('a', 'Int32', 'x', '1')), [['a', 'string', 'x', '1']]);
    assert.deepEqual(converted('', attribute('t', 'str', 'x'), attribute('n', 'int', '7')), [
      ['t', 'char', 'x'],
      ['n', 'int64', '7'],
    ]);
    assert.deepEqual(converted('', attribute('_ChunkSizes', 'Int32', '1', '2'), attribute('e', 'String')), [
      ['e', 'char', ''],
    ]);
  });

  const dds = `Dataset { Grid { Array: Byte t[time = 2][4]; Maps: Int32 time[time = 2]; } t; Byte u[time = 3]; Byte /g/v; } x;`;
  const das = `Attributes { t { Byte _FillValue 129; String _Unsigned "false"; time { String units "h"; } } u { Int16 valid_min -3; }
    NC_GLOBAL { String title "x"; } other { Int32 n 1; deep { Int32 m 2; } } DODS_EXTRA { String Unlimited_Dimension "time"; } }`;

  it('containers belong to variables, to the data set, and tell which dimension grows', () => {
    const dataSet = parseDds('x', dds);
    const unlimited = addDasAttributes(dataSet, parseDas('x', das));
    assert.deepEqual([...unlimited], ['time']);
    assert.deepEqual(
      dataSet.root.attributes.map(({ name }) => name),
      ['title', 'other.n', 'other.deep.m', 'DODS_EXTRA.Unlimited_Dimension'],
    );
    const root = nameGroups(dataSet, 'dap2', unlimited);
    const found = root.variables.map(({ name, dtype, dimensionNames }) => [name, dtype, ...dimensionNames]);
    assert.deepEqual(found, [
      // A signed byte, since its attributes say so; "time" of another length is another dimension.
      ['t', 'int8', '/time', '/phony_dim_0'],
      ['u', 'int8', '/phony_dim_1'],
      ['time', 'int32', '/time'],
    ]);
    assert.deepEqual(
      root.groups.map(({ name, variables }) => [name, variables[0].name, variables[0].dtype]),
      [['g', 'v', 'uint8']],
    );
    assert.deepEqual(root.dimensions, [
      { name: 'time', size: 2, unlimited: true },
      { name: 'phony_dim_0', size: 4, unlimited: false },
      { name: 'phony_dim_1', size: 3, unlimited: false },
    ]);
  });

  it('chunks are those of the server, several together', () => {
    assert.deepEqual(chunkShapeOf([1000, 721, 1440], 4, undefined), [1, 721, 1440]);
    assert.deepEqual(chunkShapeOf([1000, 721, 1440], 4, [1, 100, 100]), [1, 100, 1440]);
    assert.deepEqual(chunkShapeOf([1000, 721, 1440], 4, [1, 721, 1440]), [1, 721, 1440]);
    assert.deepEqual(chunkShapeOf([1000, 721, 1440], 4, [1000, 721, 1440]), [1, 721, 1440]);
    assert.deepEqual(chunkShapeOf([10, 10], 4, [0, 3]), [10, 10]);
    assert.deepEqual(chunkShapeOf([], 4, []), []);
  });
});
