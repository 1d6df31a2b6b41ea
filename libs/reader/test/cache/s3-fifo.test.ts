import assert from 'node:assert/strict';
import fc from 'fast-check';
import { digestOf } from '../../src/cache/key-index.ts';
import { S3Fifo } from '../../src/cache/s3-fifo.ts';

const never = () => false;

function createPolicy(limit: number, slots = 4 * limit): S3Fifo {
  return new S3Fifo(new Int32Array(S3Fifo.wordsFor(slots)), slots, limit);
}

/** Share of accesses that find what they want, in the second half: the first fills the cache. */
function hitRate(keys: readonly number[], access: (key: number) => boolean): number {
  let hits = 0;
  keys.forEach((key, at) => {
    if (access(key) && at >= keys.length / 2) hits++;
  });
  return hits / (keys.length / 2);
}

function s3Fifo(limit: number): (key: number) => boolean {
  const policy = createPolicy(limit);
  return (key) => {
    const digest = digestOf(String(key));
    if (policy.use(digest) !== -1) return true;
    policy.insert(digest, 1, never, () => undefined);
    return false;
  };
}

function leastRecentlyUsed(limit: number): (key: number) => boolean {
  const kept = new Set<number>();
  return (key) => {
    const hit = kept.delete(key);
    kept.add(key);
    if (kept.size > limit) kept.delete(kept.values().next().value!);
    return hit;
  };
}

/** Numbers from 0 to 1, the same each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Ranks of keys, of which the k-th is wanted as often as 1/k. */
function zipf(keys: number, next: () => number): () => number {
  const sums: number[] = [];
  for (let rank = 1; rank <= keys; rank++) sums.push((sums.at(-1) ?? 0) + 1 / rank);
  return () => {
    const wanted = next() * sums.at(-1)!;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

describe('S3-FIFO', () => {
  it('keeps what is wanted often through scans that are larger than it, where LRU loses it', () => {
    // A working set is read over and over, between scans of what nobody wants again.
    const keys: number[] = [];
    for (let round = 0; round < 20; round++) {
      for (let repeat = 0; repeat < 3; repeat++) for (let key = 0; key < 50; key++) keys.push(key);
      for (let key = 0; key < 300; key++) keys.push(1000 + 300 * round + key);
    }
    const [ours, lru] = [hitRate(keys, s3Fifo(100)), hitRate(keys, leastRecentlyUsed(100))];
    // A third of all accesses is to the working set; LRU reads it anew after each scan.
    assert.ok(ours > 0.32, `found ${ours}`);
    assert.ok(lru < 0.23, `LRU found ${lru}`);
  });

  it('finds more than LRU where a few keys are wanted much more often than others', () => {
    for (const limit of [50, 200, 500]) {
      const next = zipf(5000, numbers(limit));
      const keys = Array.from({ length: 60_000 }, next);
      const [ours, lru] = [hitRate(keys, s3Fifo(limit)), hitRate(keys, leastRecentlyUsed(limit))];
      assert.ok(ours > lru + 0.02, `${limit}: found ${ours}, LRU ${lru}`);
    }
  });

  it('finds a part of a loop that is a little larger than it, where LRU finds nothing', () => {
    const keys = Array.from({ length: 30 * 120 }, (_, at) => at % 120);
    const ours = hitRate(keys, s3Fifo(100));
    assert.equal(hitRate(keys, leastRecentlyUsed(100)), 0);
    assert.ok(ours > 0.5, `found ${ours}`);
  });

  it('finds all of a loop that fits', () => {
    const keys = Array.from({ length: 30 * 100 }, (_, at) => at % 100);
    assert.equal(hitRate(keys, s3Fifo(100)), 1);
  });

  it('has no entry go that is pinned, and says when all are', () => {
    const policy = createPolicy(10);
    const pinned = new Set<number>();
    for (let key = 0; key < 10; key++)
      pinned.add(policy.insert(digestOf(String(key)), 1, never, () => undefined));
    const gone: number[] = [];
    const isPinned = (slot: number) => pinned.has(slot);
    assert.equal(
      policy.insert(digestOf('new'), 1, isPinned, (slot) => gone.push(slot)),
      -1,
    );
    const one = policy.find(digestOf('3'));
    pinned.delete(one);
    policy.use(digestOf('3'));
    assert.notEqual(
      policy.insert(digestOf('new'), 1, isPinned, (slot) => gone.push(slot)),
      -1,
    );
    assert.deepEqual(gone, [one]);
  });

  it('lets go what was used, too, when all others are pinned', () => {
    const policy = createPolicy(10);
    const pinned = new Set<number>();
    const isPinned = (slot: number) => pinned.has(slot);
    const put = (key: string) => policy.insert(digestOf(key), 1, isPinned, () => undefined);
    const used = put('used');
    pinned.add(used);
    for (let time = 0; time < 2; time++) policy.use(digestOf('used'));
    put('again');
    assert.ok(policy.evict(isPinned, () => undefined));
    pinned.add(put('again'));
    pinned.delete(used);
    assert.ok(policy.evict(isPinned, () => undefined));
    assert.equal(policy.find(digestOf('used')), -1);
  });

  it('says of each entry where it is or that it goes, keeps within its limit, and leaves pinned ones alone', () => {
    const step = fc.record({
      what: fc.constantFrom('get', 'get', 'put', 'put', 'put', 'remove', 'evict', 'pin', 'unpin'),
      key: fc.nat(30),
      size: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300, size: 'max' }),
        fc.integer({ min: 4, max: 40 }),
        (steps, slots) => {
          const limit = 100;
          const words = new Int32Array(S3Fifo.wordsFor(slots));
          let policy = new S3Fifo(words, slots, limit);
          const entries = new Map<number, { key: number; size: number }>();
          const pinned = new Set<number>();
          const isPinned = (slot: number) => pinned.has(slot);
          const leaves = (slot: number) => {
            assert.ok(!pinned.has(slot));
            assert.ok(entries.delete(slot), `slot ${slot} has no entry`);
          };
          for (const { what, key, size } of steps) {
            const digest = digestOf(String(key));
            const slot = what === 'get' ? policy.use(digest) : policy.find(digest);
            const expected = [...entries].find(([, entry]) => entry.key === key)?.[0] ?? -1;
            assert.equal(slot, expected);
            if (what === 'put' && slot === -1) {
              const made = policy.insert(digest, size, isPinned, leaves);
              if (made !== -1) entries.set(made, { key, size });
              else assert.ok(pinned.size > 0 || size > limit);
            } else if (what === 'remove' && slot !== -1 && !pinned.has(slot)) {
              policy.remove(slot);
              entries.delete(slot);
            } else if (what === 'evict') {
              const mayGo = [...entries.keys()].some((entry) => !pinned.has(entry));
              assert.equal(policy.evict(isPinned, leaves), mayGo);
            } else if (what === 'pin' && slot !== -1) pinned.add(slot);
            else if (what === 'unpin') pinned.delete(slot);
            const total = [...entries.values()].reduce((sum, entry) => sum + entry.size, 0);
            assert.equal(policy.size, total);
            assert.ok(total <= limit);
            // Another thread sees the same words.
            policy = new S3Fifo(words, slots, limit, false);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
