import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { holdWideIntegers } from '../../src/upstream/hold-wide-integers.ts';
import { standIn, standInUpstream } from '../stand-in-upstream.ts';

const { signal } = new AbortController();

describe('holdWideIntegers', () => {
  it('reads small 64-bit integers and leaves the rest', async () => {
    const wide = standIn('wide', ['x'], {
      dtype: 'int64',
      shape: [4],
      values: BigInt64Array.of(1n, 2n, 3n, 4n),
      mask: Uint8Array.of(0, 1, 0, 0),
    });
    const narrow = standIn('narrow', ['x'], { dtype: 'int32', shape: [4], values: new Int32Array(4) });
    const large = standIn('large', ['y'], { dtype: 'int64', shape: [4], values: new BigInt64Array(4) });
    large.variable.shape = [1e9];
    const upstream = standInUpstream([wide, narrow, large]);
    const dataset = await holdWideIntegers(await upstream.dataset('test/set', signal), upstream.read, signal);
    assert.deepEqual(
      upstream.reads.map(({ variable }) => variable.name),
      ['wide'],
    );
    const [held, ...others] = dataset.variables;
    assert.ok(held.data?.$case === 'inlineValues');
    assert.deepEqual(decodeArray(held.data.value).values, wide.values.values);
    assert.deepEqual([...decodeArray(held.data.value).mask!], [0, 1, 0, 0]);
    for (const { data } of others) assert.equal(data?.$case, 'manifestArray');
  });
});
