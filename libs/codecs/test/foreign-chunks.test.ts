import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { itemSize } from '@hyperslab/array';
import { describeBothWays, repository } from '@hyperslab/testing';
import * as codecs from '../src/index.ts';

const { decodeChunk, encodeChunk } = codecs;

interface ForeignChunk {
  dtype: string;
  endian: string;
  filters: string[];
  mask: number;
  stored: string;
  values: string;
}

const chunks: ForeignChunk[] = JSON.parse(
  readFileSync(join(repository, 'fixtures/codecs/chunks.json'), 'utf8'),
);

/** The layout that the HDF5 reader makes of such a dataset. */
function layoutOf({ dtype, endian, filters }: ForeignChunk) {
  const configurations: Record<string, object> = {
    shuffle: { elementsize: itemSize(dtype) },
    deflate: { level: 4 },
  };
  const further = filters.map((name) => ({
    name,
    configuration: JSON.stringify(configurations[name] ?? {}),
  }));
  return {
    storedDtype: dtype,
    codecs: [{ name: 'bytes', configuration: JSON.stringify({ endian }) }, ...further],
  };
}

describeBothWays('chunks that HDF5 stored', codecs, ['libdeflate'], () => {
  const names = new Set(chunks.map(({ filters }) => filters.join(' + ') || 'nothing'));
  for (const name of names) {
    const matching = chunks.filter(({ filters }) => (filters.join(' + ') || 'nothing') === name);
    it(`are decoded from ${name} (${matching.length} chunks)`, () => {
      for (const chunk of matching) {
        const wanted = Buffer.from(chunk.values, 'base64');
        const count = wanted.length / itemSize(chunk.dtype);
        const stored = new Uint8Array(Buffer.from(chunk.stored, 'base64'));
        const before = stored.slice();
        const values = decodeChunk(stored, layoutOf(chunk), count, chunk.mask);
        assert.deepEqual(Buffer.from(values.buffer, values.byteOffset, values.byteLength), wanted);
        assert.deepEqual(stored, before, 'the stored bytes must stay as they are');
      }
    });

    if (!name.includes('deflate')) {
      it(`are encoded with ${name} to the same bytes`, () => {
        for (const chunk of matching) {
          const stored = new Uint8Array(Buffer.from(chunk.stored, 'base64'));
          const layout = layoutOf(chunk);
          const count = Buffer.from(chunk.values, 'base64').length / itemSize(chunk.dtype);
          const encoded = encodeChunk(decodeChunk(stored, layout, count, 0), layout);
          assert.deepEqual(Buffer.from(encoded), Buffer.from(stored));
        }
      });
    }
  }
});
