import assert from 'node:assert/strict';
import { createChunkCache } from '../../src/index.ts';

describe('chunk cache', () => {
  it('forgets what was not used since it came, first', () => {
    const cache = createChunkCache(3 * 64);
    cache.put('a', new Float64Array([1]));
    cache.put('b', new Float64Array([2]));
    cache.put('c', new Float64Array([3]));
    for (let use = 0; use < 2; use++) cache.get('a', 'float64');
    cache.put('d', new Float64Array([4]));
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => cache.get(key, 'float64')?.[0]),
      [1, undefined, 3, 4],
    );
    assert.equal(cache.bytes, 24);
  });

  it('has the latest values of a key', () => {
    const cache = createChunkCache(1000);
    cache.put('a', new Float64Array([1]));
    cache.put('a', new Float64Array([2, 3]));
    assert.deepEqual(cache.get('a', 'float64'), new Float64Array([2, 3]));
    assert.equal(cache.bytes, 16);
  });

  it('keeps no more than it may', () => {
    const cache = createChunkCache(1000);
    for (let i = 0; i < 50; i++) {
      cache.put(String(i % 7), new Uint8Array(20 * i));
      assert.ok(cache.bytes <= 1000);
    }
    cache.put('huge', new Uint8Array(1001));
    assert.equal(cache.get('huge', 'uint8'), undefined);
  });

  it('keeps only its own bytes of a larger buffer', () => {
    const cache = createChunkCache(100);
    cache.put('a', new Uint8Array(1000).subarray(10, 20));
    assert.equal(cache.get('a', 'float64')!.buffer.byteLength, 10);
  });
});
