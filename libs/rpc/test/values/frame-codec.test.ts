import assert from 'node:assert/strict';
import { ArrayFrame, BlockFrame } from '@hyperslab/proto/worker';
import fc from 'fast-check';
import {
  decodeArrayFrame,
  decodeBlockFrame,
  encodeArrayFrame,
  encodeBlockFrame,
} from '../../src/values/frame-codec.ts';

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
const blockFrame = fc.record({
  data: bytes,
  totalBytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  crc32: fc.option(fc.nat({ max: 2 ** 32 - 1 }), { nil: undefined }),
  kernelVersion: fc.string(),
});

describe('frames on the wire', () => {
  it('are what the generated code reads and writes', () => {
    fc.assert(
      fc.property(blockFrame, (frame) => {
        const encoded = encodeBlockFrame(frame);
        assert.deepEqual(BlockFrame.decode(encoded), BlockFrame.fromPartial(frame));
        const generated = Buffer.from(BlockFrame.encode(frame).finish());
        assert.deepEqual(BlockFrame.fromPartial(decodeBlockFrame(generated)), BlockFrame.fromPartial(frame));
        assert.deepEqual(BlockFrame.fromPartial(decodeBlockFrame(encoded)), BlockFrame.fromPartial(frame));
      }),
    );
    fc.assert(
      fc.property(bytes, bytes, fc.nat(), (data, mask, block) => {
        const frame = ArrayFrame.fromPartial({
          header: { dtype: 'float32', shape: [block, 3] },
          block: { block, origin: [1, 2], shape: [3, 4], dataBytes: data.length, masked: mask.length > 0 },
          data,
          mask,
        });
        const encoded = encodeArrayFrame(frame);
        assert.deepEqual(ArrayFrame.decode(encoded), frame);
        assert.deepEqual(decodeArrayFrame(encoded), frame);
        assert.deepEqual(decodeArrayFrame(Buffer.from(ArrayFrame.encode(frame).finish())), frame);
      }),
    );
  });

  it('keep fields that a later version adds out of the way', () => {
    // Field 15 in each wire type.
    const later = [
      [0x78, 0xff, 0x01],
      [0x79, 1, 2, 3, 4, 5, 6, 7, 8],
      [0x7a, 2, 9, 9],
      [0x7d, 1, 2, 3, 4],
    ].flat();
    const frame = { data: Buffer.from('values'), totalBytes: 6, crc32: 7, kernelVersion: 'k' };
    const bytes = Buffer.concat([Buffer.from(later), encodeBlockFrame(frame), Buffer.from(later)]);
    assert.deepEqual(decodeBlockFrame(bytes), frame);
  });

  it('are refused when damaged, without reading past their end', () => {
    const arrayFrame = fc.record({
      data: bytes,
      mask: bytes,
      header: fc.constant({ dtype: 'float32', shape: [3] }),
    });
    const encoded = fc.oneof(
      blockFrame.map((frame) => Buffer.from(encodeBlockFrame(frame))),
      arrayFrame.map((frame) => Buffer.from(encodeArrayFrame(ArrayFrame.fromPartial(frame as object)))),
    );
    fc.assert(
      fc.property(encoded, fc.nat(), fc.nat(7), fc.nat(3), (whole, at, bit, cut) => {
        const damaged = whole.subarray(0, Math.max(0, whole.length - cut));
        if (damaged.length === 0) return;
        damaged[at % damaged.length] ^= 1 << bit;
        for (const decode of [decodeArrayFrame, decodeBlockFrame]) {
          try {
            assert.ok(decode(damaged).data.length <= damaged.length);
          } catch (error) {
            assert.ok(error instanceof RangeError, String(error));
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
