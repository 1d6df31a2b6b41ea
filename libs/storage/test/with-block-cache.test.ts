import assert from 'node:assert/strict';
import fc from 'fast-check';
import { memorySource, withBlockCache, withMetrics } from '../src/index.ts';
import { patternBytes } from './store-contract.ts';

describe('block cache', () => {
  const bytes = patternBytes(5000);

  it('reads many small near ranges with one request', async () => {
    const counters = { bytes: 0, requests: 0 };
    const source = withMetrics(memorySource('memory:x', bytes), counters);
    const cached = withBlockCache(source, {
      blockBytes: 1024,
      cachedBlocks: 4,
      version: await source.stat(),
    });
    for (let offset = 0; offset < 1000; offset += 10) await cached.read([{ offset, length: 10 }]);
    assert.deepEqual(counters, { bytes: 1024, requests: 1 });
  });

  it('fetches adjoining blocks together', async () => {
    const counters = { bytes: 0, requests: 0 };
    const source = withMetrics(memorySource('memory:x', bytes), counters);
    const cached = withBlockCache(source, { blockBytes: 100, cachedBlocks: 4, version: await source.stat() });
    await cached.read([{ offset: 150, length: 3000 }]);
    assert.deepEqual(counters, { bytes: 3100, requests: 1 });
  });

  it('answers as the source does, with any block length and bound', async () => {
    const source = memorySource('memory:x', bytes);
    const version = await source.stat();
    const range = fc
      .tuple(fc.nat(bytes.length), fc.nat(bytes.length))
      .map(([a, b]) => ({ offset: Math.min(a, b), length: Math.abs(a - b) }));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6000 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.array(range, { maxLength: 4 }), { maxLength: 4 }),
        async (blockBytes, cachedBlocks, reads) => {
          const cached = withBlockCache(source, { blockBytes, cachedBlocks, version });
          for (const ranges of reads) {
            const [found, wanted] = [await cached.read(ranges), await source.read(ranges)];
            assert.deepEqual(
              found.map((part) => Buffer.from(part)),
              wanted.map((part) => Buffer.from(part)),
            );
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
