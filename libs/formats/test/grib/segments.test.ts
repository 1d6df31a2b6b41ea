import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import type { ByteRange, ByteSource, ReadOptions } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';
import { fieldsOf } from './indexed-fields.ts';
import { grid2, message2, product2 } from './write-sections.ts';

const data = [1, 2, 3, 4, 5, 6];
const mebibyte = 1024 * 1024;

/** Head and end of a message of so many bytes of data, which are zeros. */
function largeMessage(level: number, padding: number): { head: Buffer; end: Buffer; length: number } {
  const short = Buffer.from(message2([{ before: [grid2], product: product2(0, 0, 100, level), data }]));
  const length = short.length + padding;
  short.writeBigUInt64BE(BigInt(length), 8);
  short.writeUInt32BE(11 + padding, short.length - 4 - 11);
  return { head: short.subarray(0, -4), end: short.subarray(-4), length };
}

/** A file that is zeros but for pieces; counts how often it is read. */
function sparse(pieces: readonly [offset: number, bytes: Uint8Array][], size: number) {
  const counts = { reads: 0, bytes: 0 };
  const source: ByteSource = {
    url: 'sparse.grib',
    stat: async () => ({ size, etag: '', modifiedUs: 1 }),
    read: async (ranges: readonly ByteRange[], options?: ReadOptions) => {
      counts.reads++;
      return ranges.map(({ offset, length }) => {
        options?.onRequest?.({ offset, length, startedMs: 0 });
        counts.bytes += length;
        const bytes = new Uint8Array(length);
        for (const [at, piece] of pieces) {
          if (at + piece.length <= offset || at >= offset + length) continue;
          const from = Math.max(0, offset - at);
          bytes.set(
            piece.subarray(from, Math.min(piece.length, offset + length - at)),
            Math.max(0, at - offset),
          );
        }
        return bytes;
      });
    },
  };
  return { source, counts };
}

/** Messages one after another, some of them longer than a segment. */
function fileOf(lengths: readonly number[]) {
  const pieces: [number, Uint8Array][] = [];
  const starts: number[] = [];
  let size = 0;
  for (const [i, length] of lengths.entries()) {
    const message = largeMessage(1000 * (i + 1), length);
    starts.push(size);
    pieces.push([size, message.head], [size + message.length - 4, message.end]);
    size += message.length;
  }
  return { pieces, starts, size };
}

describe('grib: large files', () => {
  const lengths = Array.from({ length: 120 }, (_, i) => (i === 40 ? 90 : 1 + (i % 7)) * mebibyte);

  it('are walked in several places at once, headers only', async () => {
    const { pieces, starts, size } = fileOf(lengths);
    const { source, counts } = sparse(pieces, size);
    const fields = fieldsOf(await indexFile(source));
    assert.deepEqual(
      fields.map(({ offset, at }) => [offset, at.isobaricInhPa]),
      starts.map((start, i) => [start, 10 * (i + 1)]),
    );
    assert.ok(counts.bytes < size / 3, `${counts.bytes} of ${size} bytes`);
  });

  it('may hold in their data what looks like messages', async () => {
    const { pieces, starts, size } = fileOf(lengths);
    const decoy = message2([{ before: [grid2], product: product2(0, 0, 1, 0), data }]);
    // Everywhere in the data: a walk that begins in the middle meets them first.
    const decoys = starts.flatMap((start, i) =>
      Array.from({ length: Math.floor(lengths[i] / mebibyte) }, (_, n): [number, Uint8Array] => [
        start + 5000 + n * mebibyte,
        decoy,
      ]),
    );
    const { source } = sparse([...pieces, ...decoys], size);
    const fields = fieldsOf(await indexFile(source));
    assert.deepEqual(
      fields.map(({ offset }) => offset),
      starts,
    );
  });

  it('that are damaged in the middle are refused', async () => {
    const { pieces, size } = fileOf(lengths);
    const broken = pieces.map(([offset, bytes], i): [number, Uint8Array] => [
      offset,
      i === 121 ? Buffer.from('7776') : bytes,
    ]);
    await assert.rejects(indexFile(sparse(broken, size).source), (error) => {
      assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'));
      assert.match(error.message, /expected 7777 at the end of the message/);
      return true;
    });
  });
});
