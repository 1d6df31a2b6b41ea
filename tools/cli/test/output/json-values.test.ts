import assert from 'node:assert/strict';
import { plainValues } from '@hyperslab/results';
import { jsonAttributes } from '../../src/output/json-attributes.ts';

describe('values in JSON', () => {
  it('are null where missing and for NaN, and text where a number would not do', () => {
    const values = Float64Array.of(1.5, Number.NaN, Infinity, -Infinity, 7);
    assert.deepEqual(
      plainValues({ dtype: 'float64', shape: [5], values, mask: Uint8Array.of(0, 0, 0, 0, 1) }),
      [1.5, null, 'Infinity', '-Infinity', null],
    );
    const integers = BigInt64Array.of(7n, 2n ** 53n, -(2n ** 53n) + 1n, -(2n ** 63n));
    assert.deepEqual(plainValues({ dtype: 'int64', shape: [4], values: integers }), [
      7,
      '9007199254740992',
      -9007199254740991,
      '-9223372036854775808',
    ]);
  });

  it('are text for strings, and one character each for chars', () => {
    assert.deepEqual(plainValues({ dtype: 'string', shape: [2], values: ['Καλ', ''] }), ['Καλ', '']);
    assert.deepEqual(plainValues({ dtype: 'char', shape: [1, 3], values: Uint8Array.of(65, 32, 0) }), [
      'A',
      ' ',
      '',
    ]);
  });

  it('of attributes are single or lists', () => {
    const attribute = { name: 'a', dtype: 'float64', strings: [], numbers: [], integers: [] };
    assert.deepEqual(
      jsonAttributes([
        { ...attribute, strings: ['K'] },
        { ...attribute, name: 'b', numbers: [1, Number.NaN] },
        { ...attribute, name: 'c', integers: ['9007199254740993'] },
      ]),
      { a: 'K', b: [1, 'NaN'], c: '9007199254740993' },
    );
  });
});
