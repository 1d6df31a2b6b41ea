import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { type NumericValues, viewValues } from '@hyperslab/array';
import { HyperslabError, isHyperslabError, type Reason } from '@hyperslab/errors';
import { describeBothWays } from '@hyperslab/testing';
import fc from 'fast-check';
import * as codecs from '../src/index.ts';

const { assertStoredLength, codecNames, decodeChunk, encodeChunk, findCodec } = codecs;

const dtypes = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'char',
];

const codec = (name: string, configuration: object = {}) => ({
  name,
  configuration: JSON.stringify(configuration),
});

function layoutOf(storedDtype: string, ...further: { name: string; configuration: string }[]) {
  return { storedDtype, codecs: [codec('bytes', { endian: 'little' }), ...further] };
}

function failsWith(reason: Reason, body: () => unknown, text = /./): void {
  assert.throws(body, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match((error as Error).message, text);
    return true;
  });
}

const bytesOf = (values: NumericValues) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** Layouts of any filters in any order, some of them skipped, with values that fit. */
const anyChunk = fc
  .record({
    dtype: fc.constantFrom(...dtypes),
    endian: fc.constantFrom('little', 'big'),
    data: fc.uint8Array({ maxLength: 800 }),
    further: fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 17 }).map((elementsize) => codec('shuffle', { elementsize })),
        fc.integer({ min: 0, max: 9 }).map((level) => codec('deflate', { level })),
        fc.constant(codec('fletcher32')),
      ),
      { maxLength: 5 },
    ),
    skipped: fc.nat(31),
  })
  .map(({ dtype, endian, data, further, skipped }) => {
    const count = Math.floor(data.length / 8);
    const values = viewValues(dtype, data.slice(0, count * 8).buffer, 0, count);
    return {
      values,
      layout: { storedDtype: dtype, codecs: [codec('bytes', { endian }), ...further] },
      skipped,
    };
  });

describeBothWays('codec pipeline', codecs, ['libdeflate'], () => {
  it('gives back what it encoded', () => {
    fc.assert(
      fc.property(anyChunk, ({ values, layout, skipped }) => {
        const stored = encodeChunk(values, layout, skipped);
        assertStoredLength(stored.length, layout, values.length, skipped);
        assert.deepEqual(bytesOf(decodeChunk(stored, layout, values.length, skipped)), bytesOf(values));
      }),
    );
  });

  it('tells lengths that no chunk has, with the filters that were applied', () => {
    const layout = layoutOf('float32', codec('record_stride', { stride: 1_000_000, record_bytes: 4 }));
    assertStoredLength(9_000_004, layout, 10, 0);
    const message = /"bytes": expected at most 65616 stored bytes, found 9000004/;
    failsWith('FORMAT_CORRUPT', () => assertStoredLength(9_000_004, layout, 10, 1), message);
    failsWith(
      'FORMAT_CORRUPT',
      () => assertStoredLength(9e15, layout, 10, 0),
      /"record_stride".* 9000000000000000/,
    );
  });

  it('decodes from any place in a buffer', () => {
    const stored = new Uint8Array(21);
    new DataView(stored.buffer).setFloat64(5, 1.5, true);
    const layout = layoutOf('float64');
    assert.deepEqual([...decodeChunk(stored.subarray(5, 21), layout, 2, 0)], [1.5, 0]);
  });

  it('gathers records', () => {
    const layout = layoutOf('int16', codec('record_stride', { stride: 10, record_bytes: 4 }));
    const values = new Int16Array([1, 2, 3, 4, 5, 6]);
    const stored = encodeChunk(values, layout);
    assert.equal(stored.length, 24);
    stored.fill(255, 4, 10);
    assert.deepEqual(decodeChunk(stored, layout, 6, 0), values);
    failsWith('FORMAT_CORRUPT', () => decodeChunk(stored.subarray(1), layout, 6, 0), /24 bytes/);
    failsWith('FORMAT_CORRUPT', () => decodeChunk(stored, layout, 5, 0));
  });

  it('answers any bytes with values or a typed error', () => {
    const damage = fc.record({
      at: fc.nat(),
      bit: fc.nat(7),
      cut: fc.nat(20),
      more: fc.uint8Array({ maxLength: 5 }),
    });
    fc.assert(
      fc.property(anyChunk, damage, ({ values, layout, skipped }, { at, bit, cut, more }) => {
        const stored = encodeChunk(values, layout, skipped).slice();
        if (stored.length > 0) stored[at % stored.length] ^= 1 << bit;
        const damaged = Buffer.concat([stored.subarray(0, Math.max(0, stored.length - cut)), more]);
        try {
          assert.equal(decodeChunk(damaged, layout, values.length, skipped).length, values.length);
        } catch (error) {
          assert.ok(error instanceof HyperslabError, String(error));
          assert.ok(['FORMAT_CORRUPT', 'CHECKSUM_MISMATCH'].includes(error.reason), error.message);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has one codec of each name', () => {
    assert.equal(new Set(codecNames).size, codecNames.length);
    for (const name of codecNames) assert.equal(findCodec(name).name, name);
  });

  it('refuses layouts that it does not know', () => {
    const bytes = new Uint8Array(4);
    failsWith('FORMAT_UNSUPPORTED', () => decodeChunk(bytes, layoutOf('int32', codec('zfp')), 1, 0), /"zfp"/);
    failsWith('FORMAT_UNSUPPORTED', () => decodeChunk(bytes, { storedDtype: 'int32', codecs: [] }, 1, 0));
    failsWith('NOT_COMPUTABLE', () => decodeChunk(bytes, layoutOf('string'), 1, 0));
    failsWith(
      'FORMAT_UNSUPPORTED',
      () => decodeChunk(bytes, layoutOf('int32', codec('shuffle')), 1, 0),
      /elementsize/,
    );
    const broken = layoutOf('int32', { name: 'shuffle', configuration: '[' });
    failsWith('FORMAT_CORRUPT', () => decodeChunk(bytes, broken, 1, 0), /JSON/);
  });
});

describeBothWays('deflate', codecs, ['libdeflate'], () => {
  const layout = layoutOf('uint8', codec('deflate'));
  const zeros = deflateSync(Buffer.alloc(1000));

  it('says what is wrong with a stream', () => {
    failsWith('FORMAT_CORRUPT', () => decodeChunk(zeros.subarray(0, 10), layout, 1000, 0), /unexpected end/);
    failsWith(
      'FORMAT_CORRUPT',
      () => decodeChunk(Buffer.concat([zeros, zeros]), layout, 1000, 0),
      /its end after/,
    );
    failsWith('FORMAT_CORRUPT', () => decodeChunk(zeros, layout, 999, 0), /at most 999 bytes/);
    failsWith('FORMAT_CORRUPT', () => decodeChunk(zeros, layout, 1001, 0), /1001 bytes/);
    failsWith('FORMAT_CORRUPT', () => decodeChunk(Buffer.from('not zlib'), layout, 10, 0), /header/);
    const wrong = Buffer.from(zeros);
    wrong[wrong.length - 1] ^= 1;
    failsWith('CHECKSUM_MISMATCH', () => decodeChunk(wrong, layout, 1000, 0));
  });

  it('takes no more memory than the stream can fill', () => {
    // Two gigabytes are claimed; some bytes can't be inflated to so many.
    failsWith('FORMAT_CORRUPT', () => decodeChunk(zeros, layout, 2 ** 31, 0));
  });

  it('inflates streams of the largest ratio', () => {
    const large = deflateSync(Buffer.alloc(5_000_000), { level: 9 });
    assert.equal(decodeChunk(large, layout, 5_000_000, 0).length, 5_000_000);
  });
});

describe('fletcher32', () => {
  const layout = layoutOf('uint8', codec('fletcher32'));

  it('notices every flipped bit', () => {
    const stored = encodeChunk(
      new Uint8Array(50).map((_, i) => i),
      layout,
    );
    for (let bit = 0; bit < stored.length * 8; bit++) {
      const damaged = stored.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      failsWith('CHECKSUM_MISMATCH', () => decodeChunk(damaged, layout, 50, 0));
    }
  });

  it('accepts the checksum as HDF5 before 1.6.3 wrote it', () => {
    const stored = encodeChunk(new Uint8Array([1, 2, 3, 4]), layout);
    const [a, b, c, d] = stored.subarray(4);
    stored.set([b, a, d, c], 4);
    assert.deepEqual([...decodeChunk(stored, layout, 4, 0)], [1, 2, 3, 4]);
  });
});
