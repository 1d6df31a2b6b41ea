import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import { AppendRequest, type JournalEntry, Snapshot } from '@hyperslab/proto/backup';
import { announcedLength, decodeFrame, encodeFrame, frameHeaderBytes } from '../journal/frame.ts';

/**
 * A snapshot object: a zstd skippable frame (RFC 8878, section 3.1.2) with the Snapshot message in a frame of its own,
 * then one zstd frame, with checksum, of the journals' frames, the catalog's first. `zstd -d` unpacks it.
 */
const skippableMagic = 0x184d2a5e;
const skippableHeaderBytes = 8;

/** More than enough for the head of an object: what a listing reads of each. */
export const headBytes = 1024;

/** A frame ends when it has this many bytes of entries. */
const frameBytes = 2 ** 20;

/** Builds a snapshot from entries as they come; only the compressed bytes are held. */
export async function encodeSnapshot(
  taken: Date,
  entries: AsyncIterable<JournalEntry>,
): Promise<{ snapshot: Snapshot; bytes: Buffer }> {
  const compressor = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  const compressed: Buffer[] = [];
  compressor.on('data', (chunk: Buffer) => compressed.push(chunk));
  const counts = { catalogSequence: 0, schedulerSequence: 0, versions: 0 };
  let group: Uint8Array[] = [];
  let bytesInGroup = 0;
  const flush = async () => {
    if (group.length === 0) return;
    // Messages of repeated fields, one after the other, are one message with all of them.
    const frame = encodeFrame(Buffer.concat(group));
    group = [];
    bytesInGroup = 0;
    if (!compressor.write(frame)) await once(compressor, 'drain');
  };
  for await (const entry of entries) {
    count(entry, counts);
    const encoded = AppendRequest.encode({ entries: [entry], allowMissingManifests: false }).finish();
    group.push(encoded);
    bytesInGroup += encoded.length;
    if (bytesInGroup >= frameBytes) await flush();
  }
  await flush();
  compressor.end();
  await once(compressor, 'end');

  const payload = Buffer.concat(compressed);
  const hash = createHash('sha256').update(payload).digest('hex').slice(0, 16);
  const snapshotId = `${taken.toISOString().replaceAll(/[-:]/g, '')}-${hash}`;
  const snapshot: Snapshot = { snapshotId, taken, ...counts, bytes: 0 };
  const head = encodeFrame(Snapshot.encode(snapshot).finish());
  const skippable = Buffer.alloc(skippableHeaderBytes);
  skippable.writeUInt32LE(skippableMagic, 0);
  skippable.writeUInt32LE(head.length, 4);
  const bytes = Buffer.concat([skippable, head, payload]);
  return { snapshot: { ...snapshot, bytes: bytes.length }, bytes };
}

function count({ event }: JournalEntry, counts: Omit<Snapshot, 'snapshotId' | 'taken' | 'bytes'>): void {
  if (event?.$case === 'scheduler') counts.schedulerSequence = event.value.sequence;
  if (event?.$case !== 'catalog') return;
  counts.catalogSequence = event.value.sequence;
  if (event.value.change?.$case === 'published') counts.versions++;
}

/**
 * What the head of an object says of the snapshot; `bytes` is 0.
 * @throws HyperslabError CHECKSUM_MISMATCH when it is no snapshot
 */
export function decodeSnapshotHead(bytes: Uint8Array): Snapshot {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < skippableHeaderBytes || buffer.readUInt32LE(0) !== skippableMagic) throw notASnapshot();
  const head = decodeFrame(
    buffer.subarray(skippableHeaderBytes, skippableHeaderBytes + buffer.readUInt32LE(4)),
  );
  if (!head) throw notASnapshot();
  return Snapshot.decode(head);
}

/**
 * The entries of a snapshot object, the catalog's first.
 * @throws HyperslabError CHECKSUM_MISMATCH where it is not what was written
 */
export async function* decodeSnapshot(bytes: Uint8Array): AsyncGenerator<JournalEntry, void, undefined> {
  const { snapshotId } = decodeSnapshotHead(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const payload = buffer.subarray(skippableHeaderBytes + buffer.readUInt32LE(4));
  if (createHash('sha256').update(payload).digest('hex').slice(0, 16) !== snapshotId.split('-').at(-1))
    throw notASnapshot();
  const decompressor = createZstdDecompress();
  decompressor.end(payload);
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of decompressor) {
      rest = Buffer.concat([rest, chunk]);
      for (let frame = firstFrame(rest); frame; frame = firstFrame(rest)) {
        const decoded = decodeFrame(frame);
        if (!decoded) throw notASnapshot();
        yield* AppendRequest.decode(decoded).entries;
        rest = rest.subarray(frame.length);
      }
    }
  } catch (error) {
    throw error instanceof HyperslabError ? error : notASnapshot(error);
  }
  if (rest.length > 0) throw notASnapshot();
}

function firstFrame(bytes: Buffer): Buffer | undefined {
  if (bytes.length < frameHeaderBytes) return undefined;
  const length = announcedLength(bytes);
  if (length === undefined) throw notASnapshot();
  const end = frameHeaderBytes + length;
  return bytes.length < end ? undefined : bytes.subarray(0, end);
}

function notASnapshot(cause?: unknown): HyperslabError {
  return new HyperslabError(
    'CHECKSUM_MISMATCH',
    'snapshot: not what was written; use another one',
    {},
    cause,
  );
}
