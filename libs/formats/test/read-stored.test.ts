import assert from 'node:assert/strict';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { memorySource } from '@hyperslab/storage';
import { readStored } from '../src/index.ts';

async function rejectsWith(reason: Reason, promise: Promise<unknown>, text: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, text);
    return true;
  });
}

const source = memorySource('x', Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]));
const version = { size: 8, etag: '', modifiedUs: 0 };
const bytesCodec = { name: 'bytes', configuration: '{"endian":"little"}' };
const layoutOf = (storedDtype: string, edgeChunksPadded = true) => ({
  storedDtype,
  chunkShape: [2, 2],
  codecs: [bytesCodec],
  edgeChunksPadded,
});
const chunksOf = (offsets: number[], lengths: number[]) => ({ offsets, lengths, skippedCodecs: [] });

/** Two rows and three columns of uint8 in two chunks. */
const variable = (change: Partial<IndexedVariable>): IndexedVariable => ({
  name: 'v',
  dtype: 'uint8',
  dimensions: ['/y', '/x'],
  shape: [2, 3],
  attributes: [],
  layout: layoutOf('uint8'),
  chunks: chunksOf([0, 4], [4, 4]),
  notComputable: '',
  contentSha256: '',
  ...change,
});

describe('reading a variable as stored', () => {
  it('puts chunks together, padded or cut at the edge', async () => {
    const padded = await readStored(variable({}), source, version);
    assert.deepEqual([...(padded.values as Uint8Array)], [1, 2, 5, 3, 4, 7]);
    assert.deepEqual([padded.dtype, padded.shape, padded.mask], ['uint8', [2, 3], undefined]);
    const layout = layoutOf('uint8', false);
    const cut = await readStored(variable({ layout, chunks: chunksOf([0, 4], [4, 2]) }), source, version);
    assert.deepEqual([...(cut.values as Uint8Array)], [1, 2, 5, 3, 4, 6]);
  });

  it('gives unwritten chunks the value that the format states, or zeros', async () => {
    const chunks = chunksOf([0, 0], [4, 0]);
    const zeros = await readStored(variable({ chunks }), source, version);
    assert.deepEqual([...(zeros.values as Uint8Array)], [1, 2, 0, 3, 4, 0]);
    const filled = await readStored(variable({ chunks, fillValue: 9 }), source, version);
    assert.deepEqual([...(filled.values as Uint8Array)], [1, 2, 9, 3, 4, 9]);
    const layout = layoutOf('int64');
    const unwritten = {
      layout,
      chunks: chunksOf([0, 0], [0, 0]),
      fillInteger: '-9223372036854775806',
    };
    const large = await readStored(variable({ dtype: 'int64', ...unwritten }), source, version);
    assert.deepEqual([...(large.values as BigInt64Array)], new Array(6).fill(-9223372036854775806n));
  });

  it('reads inline values', async () => {
    const data = Buffer.from('\x02\0\0\0ab\0\0\0\0\x01\0\0\0c');
    const inlineValues = { dtype: 'string', shape: [3], data, mask: Buffer.alloc(0) };
    const text = variable({
      dtype: 'string',
      shape: [3],
      layout: undefined,
      chunks: undefined,
      inlineValues,
    });
    assert.deepEqual((await readStored(text, source, version)).values, ['ab', '', 'c']);
  });

  it('names variable, chunk and offset of what is damaged', async () => {
    const damaged = variable({ chunks: chunksOf([0, 5], [4, 3]) });
    await rejectsWith(
      'FORMAT_CORRUPT',
      readStored(damaged, source, version),
      /^x at byte 5: chunk 1 of "v": codec/,
    );
  });

  it('asks for no more bytes than a chunk may take', async () => {
    const unread = { ...source, read: () => assert.fail('it was read') };
    const long = variable({ chunks: chunksOf([0, 4], [4, 9e15]) });
    const message = /^x at byte 4: chunk 1 of "v": codec "bytes": .* found 9000000000000000/;
    await rejectsWith('FORMAT_CORRUPT', readStored(long, unread, version), message);
  });

  it('says what it can not read', async () => {
    const described = variable({ layout: undefined, chunks: undefined, notComputable: 'a compound' });
    await rejectsWith('NOT_COMPUTABLE', readStored(described, source, version), /a compound/);
    await rejectsWith(
      'TOO_LARGE',
      readStored(variable({ shape: [2 ** 20, 2 ** 20] }), source, version),
      /hyperslabs/,
    );
    await rejectsWith(
      'OBJECT_CHANGED',
      readStored(variable({}), source, { ...version, size: 9 }),
      /publish it again/,
    );
  });
});
