import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ByteSource, memorySource } from '@hyperslab/storage';
import { ManifestBuilder, MemorySink, openManifest } from '../../src/index.ts';

const layout = { storedDtype: 'int8', chunkShape: [1], codecs: [], edgeChunksPadded: true };
const packing = { missingValues: [], missingIntegers: [], unpackedDtype: 'int8', readUnsigned: false };

describe('pages of a manifest', () => {
  it('give back URLs that differ within a character of two code units', async () => {
    const sink = new MemorySink();
    const builder = new ManifestBuilder(sink);
    const urls = ['s3://bucket/\u{1f600}.nc', 's3://bucket/\u{1f601}.nc'];
    const pieces = urls.map((url) => ({
      object: builder.addObject(url, { size: 9, etag: '', modifiedUs: 1 }),
      ...{ layout, packing, offsets: [0], lengths: [1], skippedCodecs: [], name: url },
    }));
    const number = builder.addArray({ shape: [2], pieceGrid: [{ sizes: [1], counts: [2] }], pieces });
    builder.finish();
    const manifest = await openManifest(memorySource('m', sink.bytes()));
    const located = await Array.fromAsync(manifest.locate(number, [{ start: 0, count: 2, step: 1 }]));
    assert.deepEqual(
      located.map(({ object }) => object?.url),
      urls,
    );
  });

  it('reach one reader although the other that asked for them first has gone', async () => {
    const sink = new MemorySink();
    const builder = new ManifestBuilder(sink);
    const object = builder.addObject('file:///a.nc', { size: 9, etag: '', modifiedUs: 1 });
    const piece = { object, layout, packing, offsets: [0, 1], lengths: [1, 1], skippedCodecs: [], name: 'a' };
    const number = builder.addArray({
      shape: [2],
      pieceGrid: [{ sizes: [2], counts: [1] }],
      pieces: [piece],
    });
    builder.finish();
    const memory = memorySource('m', sink.bytes());
    const slow: ByteSource = {
      url: memory.url,
      stat: (signal) => memory.stat(signal),
      async read(ranges, options) {
        await sleep(30, undefined, { signal: options?.signal });
        return memory.read(ranges, options);
      },
    };
    const manifest = await openManifest(slow);
    const all = [{ start: 0, count: 2, step: 1 }];
    const first = new AbortController();
    const one = Array.fromAsync(manifest.locate(number, all, first.signal));
    const two = Array.fromAsync(manifest.locate(number, all));
    setTimeout(() => first.abort(), 5);
    await assert.rejects(one);
    assert.equal((await two)[0].chunks.length, 2);
  });
});
