import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import {
  decodeSnapshot,
  decodeSnapshotHead,
  encodeSnapshot,
  headBytes,
} from '../../src/snapshot/snapshot-format.ts';
import { published } from '../sample-events.ts';

async function* from<T>(items: T[]) {
  yield* items;
}

describe('a snapshot', () => {
  const entries = Array.from({ length: 300 }, (_, index) => published(index + 1));

  it('says in its head what is in it', async () => {
    const { snapshot, bytes } = await encodeSnapshot(new Date('2026-11-23T01:02:03.456Z'), from(entries));
    assert.match(snapshot.snapshotId, /^20261123T010203\.456Z-[0-9a-f]{16}$/);
    assert.deepEqual({ ...decodeSnapshotHead(bytes.subarray(0, headBytes)), bytes: bytes.length }, snapshot);
    assert.deepEqual(await Array.fromAsync(decodeSnapshot(bytes)), entries);
  });

  it('may be of nothing', async () => {
    const { bytes } = await encodeSnapshot(new Date(), from([]));
    assert.deepEqual(await Array.fromAsync(decodeSnapshot(bytes)), []);
  });

  it('is refused when it is damaged', async () => {
    const { bytes } = await encodeSnapshot(new Date(), from(entries));
    const refused = async (damaged: Buffer) => {
      const outcome = await Array.fromAsync(decodeSnapshot(damaged)).catch((error) => error);
      assert.ok(isHyperslabError(outcome, 'CHECKSUM_MISMATCH'), String(outcome));
    };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), fc.nat(7), async (at, bit) => {
        const damaged = Buffer.from(bytes);
        damaged[at] ^= 1 << bit;
        await refused(damaged);
        await refused(bytes.subarray(0, at));
      }),
      { numRuns: 100 },
    );
  });
});
