import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { isHyperslabError } from '@hyperslab/errors';
import { skip } from '@hyperslab/testing';
import fc from 'fast-check';
import type { AecParameters } from '../src/aec/aec-parameters.ts';
import { decodeAec } from '../src/aec/decode-aec.ts';
import { decodeLz4Block, findCodec, nativeLibraries, useNativeCodecs } from '../src/index.ts';
import { inflateInto } from '../src/inflate.ts';
import { decodeAecNatively } from '../src/native/libaec.ts';
import { decodeZstdInto } from '../src/zstd.ts';
import { aecStream } from './random-aec.ts';

const frames = { zlib: deflateSync, gzip: gzipSync, raw: deflateRawSync };
const codecOf = { zlib: 'deflate', gzip: 'gzip', raw: 'deflate_raw' };
type Frame = keyof typeof frames;

/** Bytes that can be made smaller, of several characters. */
const compressible = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 30 })), {
    maxLength: 12,
  })
  .map((parts) => Buffer.concat(parts.flatMap(([bytes, times]) => Array<Uint8Array>(times).fill(bytes))));

interface Damage {
  flips: [at: number, bit: number][];
  cut: number;
  more: Uint8Array;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  flips: fc.array(fc.tuple(fc.nat(), fc.nat(7)), { maxLength: 3 }),
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) }),
  more: fc.oneof(
    { weight: 3, arbitrary: fc.constant(new Uint8Array()) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 5 }) },
  ),
});

function damaged(bytes: Uint8Array, { flips, cut, more }: Damage): Uint8Array {
  const whole = Uint8Array.from(bytes);
  for (const [at, bit] of flips) if (whole.length > 0) whole[at % whole.length] ^= 1 << bit;
  return Buffer.concat([whole.subarray(0, Math.max(0, whole.length - cut)), more]);
}

/** What of WebAssembly is used; TypeScript declares it for browsers only. */
const { Memory } = (
  globalThis as unknown as {
    WebAssembly: {
      Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => { buffer: ArrayBuffer };
    };
  }
).WebAssembly;

const guardBytes = 64;
const roomBytes = 65536;
const rooms = [
  new ArrayBuffer(roomBytes),
  new SharedArrayBuffer(roomBytes),
  new Memory({ initial: 1, maximum: 1, shared: false }).buffer,
  new Memory({ initial: 1, maximum: 1, shared: true }).buffer,
];

/** Calls with room for `length` bytes in memory of some kind, and asserts that what lies around it stays as it was. */
function withinGuards<T>(length: number, kind: number, body: (into: Uint8Array) => T): T {
  const whole = new Uint8Array(rooms[kind], 0, length + 2 * guardBytes).fill(0xa5);
  const into = whole.subarray(guardBytes, guardBytes + length).fill(0);
  try {
    return body(into);
  } finally {
    const edges = [whole.subarray(0, guardBytes), whole.subarray(guardBytes + length)];
    for (const edge of edges) assert.ok(edge.every((byte) => byte === 0xa5));
  }
}

/** What comes out, or reason and message of what is thrown. */
function outcome(decode: () => Uint8Array): string {
  try {
    return Buffer.from(decode()).toString('latin1');
  } catch (error) {
    assert.ok(isHyperslabError(error), String(error));
    return `${error.reason}: ${error.message}`;
  }
}

function bothWays(decode: () => Uint8Array): { portable: string; native: string } {
  useNativeCodecs('off');
  const portable = outcome(decode);
  useNativeCodecs('auto');
  const native = outcome(decode);
  useNativeCodecs('off');
  return { portable, native };
}

function skipWithout(test: Mocha.Context, library: string): void {
  const problem = nativeLibraries().find(({ name }) => name === library)?.problem;
  if (problem !== undefined) skip(test, `${library} can't be called: ${problem}`);
}

const frame = fc.constantFrom<Frame>('zlib', 'gzip', 'raw');

/** Blocks of LZ4 without matches, and with one that repeats what was there. */
const lz4Block = fc
  .tuple(
    fc.uint8Array({ minLength: 1, maxLength: 14 }),
    fc.nat(200),
    fc.uint8Array({ minLength: 12, maxLength: 14 }),
  )
  .map(([literals, repeated, last]) => {
    const length = 15 + 4 + repeated;
    const block = [
      (literals.length << 4) | 15,
      ...literals,
      literals.length,
      0,
      repeated,
      last.length << 4,
      ...last,
    ];
    return { block: Uint8Array.from(block), length: literals.length + length + last.length };
  });

function zstdFrame(bytes: Uint8Array, checksum: number): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: checksum } });
}

function sampleBytes({ bitsPerSample }: AecParameters): number {
  if (bitsPerSample > 16) return 4;
  return bitsPerSample > 8 ? 2 : 1;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const windowTooLarge = 'requires too much memory';

/** The library takes any window, as it decompresses in one call into memory that is there; a stream keeps a window of its own. */
function assertSameZstd(native: string, portable: string): void {
  if (portable.startsWith('FORMAT_CORRUPT') && portable.includes(windowTooLarge)) return;
  assert.equal(native, portable);
}

const numRuns = 5_000;

describe('native codecs', () => {
  it(`answer ${numRuns} damaged deflate streams as the portable ones do`, function () {
    skipWithout(this, 'libdeflate');
    fc.assert(
      fc.property(frame, compressible, damage, fc.integer({ min: -2, max: 2 }), (kind, bytes, harm, more) => {
        const stored = damaged(frames[kind](bytes), harm);
        const room = Math.max(0, bytes.length + more);
        const { portable, native } = bothWays(() => findCodec(codecOf[kind]).decode(stored, {}, room));
        assertSame(kind, bytes, portable, native);
      }),
      { numRuns },
    );
  });

  it(`inflate ${numRuns} damaged streams within memory of every kind`, function () {
    skipWithout(this, 'libdeflate');
    fc.assert(
      fc.property(frame, compressible, damage, fc.nat(rooms.length - 1), (kind, bytes, harm, memory) => {
        const stored = damaged(frames[kind](bytes), harm);
        const { portable, native } = bothWays(() =>
          withinGuards(bytes.length, memory, (into) => {
            inflateInto(codecOf[kind], kind, stored, into);
            return into.slice();
          }),
        );
        assertSame(kind, bytes, portable, native);
      }),
      { numRuns },
    );
  });

  it(`decode ${numRuns} damaged blocks of LZ4 within memory of every kind`, function () {
    skipWithout(this, 'liblz4');
    fc.assert(
      fc.property(lz4Block, damage, fc.nat(rooms.length - 1), ({ block, length }, harm, memory) => {
        const stored = damaged(block, harm);
        const { portable, native } = bothWays(() =>
          withinGuards(length, memory, (into) => {
            decodeLz4Block('lz4', stored, into);
            return into.slice();
          }),
        );
        // The library takes a distance of 0 for bytes that are 0.
        if (!portable.includes('found 0;')) assert.equal(native, portable);
      }),
      { numRuns },
    );
  });

  it(`answer ${numRuns} damaged frames of Zstandard as the portable ones do`, function () {
    skipWithout(this, 'libzstd');
    const checksums = fc.constantFrom(0, 1);
    fc.assert(
      fc.property(
        compressible,
        checksums,
        damage,
        fc.integer({ min: -2, max: 2 }),
        (bytes, sum, harm, more) => {
          const stored = damaged(zstdFrame(bytes, sum), harm);
          const { portable, native } = bothWays(() =>
            findCodec('zstd').decode(stored, {}, Math.max(0, bytes.length + more)),
          );
          assertSameZstd(native, portable);
        },
      ),
      { numRuns },
    );
  });

  it(`decompress ${numRuns} damaged frames of Zstandard within memory of every kind`, function () {
    skipWithout(this, 'libzstd');
    fc.assert(
      fc.property(compressible, damage, fc.nat(rooms.length - 1), (bytes, harm, memory) => {
        const stored = damaged(zstdFrame(bytes, 1), harm);
        const { portable, native } = bothWays(() =>
          withinGuards(bytes.length, memory, (into) => {
            decodeZstdInto('zstd', stored, into);
            return into.slice();
          }),
        );
        assertSameZstd(native, portable);
      }),
      { numRuns },
    );
  });

  it('decompress frames of Zstandard whose windows are larger than streams take by default', () => {
    const params = { [constants.ZSTD_c_windowLog]: 28 };
    const stored = zstdCompressSync(Buffer.alloc(5000, 'abc'), { params });
    const { portable, native } = bothWays(() => findCodec('zstd').decode(stored, {}, 5000));
    assert.equal(portable.length, 5000);
    assert.equal(native, portable);
  });

  it('refuse, without the library, frames of Zstandard with windows beyond the largest that a stream takes', () => {
    // The window's exponent in five bits, from 2^10, and its mantissa in three, in eighths (RFC 8878, 3.1.1.1.2).
    const window = (21 << 3) | 1;
    const block = (5000 << 3) | 0b011; // the last one, which repeats one byte
    const stored = Uint8Array.of(
      ...[0x28, 0xb5, 0x2f, 0xfd, 0, window],
      ...[block & 255, (block >> 8) & 255, block >> 16, 97],
    );
    const { portable, native } = bothWays(() => findCodec('zstd').decode(stored, {}, 5000));
    assert.ok(portable.startsWith('FORMAT_CORRUPT') && portable.includes(windowTooLarge), portable);
    if (native !== portable) assert.equal(native, 'a'.repeat(5000));
  });

  it('decompress frames of Zstandard that follow each other', () => {
    const stored = Buffer.concat([zstdFrame(Buffer.from('abc'), 1), zstdFrame(Buffer.alloc(5000, 'd'), 0)]);
    const { portable, native } = bothWays(() => findCodec('zstd').decode(stored, {}, 6000));
    assert.equal(portable, `abc${'d'.repeat(5000)}`);
    assert.equal(native, portable);
  });

  it(`decode ${numRuns} damaged streams of CCSDS 121.0-B within memory of every kind`, function () {
    skipWithout(this, 'libaec');
    fc.assert(
      fc.property(
        aecStream,
        damage,
        fc.nat(rooms.length - 1),
        ({ bytes, parameters, samples }, harm, memory) => {
          const stored = damaged(bytes, harm);
          withinGuards(samples * sampleBytes(parameters), memory, (out) => {
            useNativeCodecs('auto');
            const isDecoded = decodeAecNatively(stored, parameters, out);
            useNativeCodecs('off');
            if (!isDecoded) return;
            // What both take is the same; the library takes samples of too many bits, too.
            const portable = outcome(() => bytesOf(decodeAec(stored, parameters, samples)));
            if (!portable.startsWith('FORMAT_CORRUPT'))
              assert.equal(Buffer.from(out).toString('latin1'), portable);
          });
        },
      ),
      { numRuns },
    );
  });

  it(`answer ${numRuns} random bytes in place of a stream as the portable ones do`, function () {
    skipWithout(this, 'libdeflate');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(4000), frame, (bytes, room, kind) => {
        const { portable, native } = bothWays(() => findCodec(codecOf[kind]).decode(bytes, {}, room));
        assertSame(kind, undefined, portable, native);
      }),
      { numRuns },
    );
  });

  it('are not called where they would read what they write', () => {
    const memory = new Uint8Array(4096);
    const stored = deflateSync(Buffer.alloc(1000, 'abcdefg'));
    for (const buffer of [memory, new Uint8Array(new SharedArrayBuffer(4096))]) {
      useNativeCodecs('auto');
      buffer.set(stored, 500);
      inflateInto('deflate', 'zlib', buffer.subarray(500, 500 + stored.length), buffer.subarray(0, 1000));
      useNativeCodecs('off');
      assert.ok(Buffer.from(buffer.subarray(0, 1000)).equals(Buffer.alloc(1000, 'abcdefg')));
    }
  });

  it('inflate all members of a gzip stream', () => {
    const stored = Buffer.concat([gzipSync('abc'), gzipSync(Buffer.alloc(5000, 'd')), gzipSync('')]);
    const { portable, native } = bothWays(() => findCodec('gzip').decode(stored, {}, 6000));
    assert.equal(portable, `abc${'d'.repeat(5000)}`);
    assert.equal(native, portable);
  });

  it('keep the warning of Node about FFI, and no other one, from standard error', () => {
    const codecs = join(import.meta.dirname, '../src/index.ts');
    const program = `
      import { nativeLibraries } from '${codecs}';
      console.log(nativeLibraries().length);
      process.emitWarning('another one', 'ExperimentalWarning');`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    assert.ok(Number(stdout) >= 2);
    assert.doesNotMatch(stderr, /FFI/);
    assert.match(stderr, /another one/);
  });
});

/**
 * Both answer alike; but libdeflate lets some codes pass that zlib has no use of. With a checksum, which must then be right, what comes
 * out is what was encoded.
 */
function assertSame(kind: Frame, encoded: Uint8Array | undefined, portable: string, native: string): void {
  const passed = portable.startsWith('FORMAT_CORRUPT') && !native.startsWith('FORMAT_CORRUPT');
  if (!passed) assert.equal(native, portable);
  else if (kind !== 'raw') assert.equal(native, Buffer.from(encoded ?? []).toString('latin1'));
}
