import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { chooseFill, filledValues } from '../../src/tasks/choose-fill.ts';

describe('fill of stored blocks', () => {
  it("is netCDF's own, unless a present value is equal", () => {
    const mask = new Uint8Array([0, 1]);
    const of = (...values: number[]) => ({
      dtype: 'int16' as const,
      shape: [2],
      values: Int16Array.from(values),
      mask,
    });
    assert.equal(chooseFill(of(1, 2)), -32767);
    assert.equal(chooseFill(of(-32767, 2)), -32768);
    assert.equal(chooseFill(of(1, -32767)), -32767);
    assert.deepEqual(filledValues(of(1, 2), -32767), Int16Array.of(1, -32767));
  });

  it('is any number that is left of a one-byte type, or an error that says what to do', () => {
    const values = Uint8Array.from({ length: 257 }, (_, i) => i % 256);
    const mask = new Uint8Array(257);
    mask[256] = 1;
    assert.throws(
      () => chooseFill({ dtype: 'uint8', shape: [257], values, mask }),
      (error) => isHyperslabError(error, 'NOT_COMPUTABLE'),
    );
    mask[77] = 1;
    assert.equal(chooseFill({ dtype: 'uint8', shape: [257], values, mask }), 77);
    const big = BigInt64Array.of(-9223372036854775806n, 1n);
    assert.equal(
      chooseFill({ dtype: 'int64', shape: [2], values: big, mask: new Uint8Array([0, 1]) }),
      -9223372036854775808n,
    );
  });
});
