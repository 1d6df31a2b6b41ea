import assert from 'node:assert/strict';
import { ArrayFrame, BlockFrame } from '@hyperslab/proto/worker';
import fc from 'fast-check';
import { decodeBlockFrame, encodeArrayFrame, encodeBlockFrame } from '../../src/chunks/frame-codec.ts';

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
        assert.deepEqual(ArrayFrame.decode(encodeArrayFrame(frame)), frame);
      }),
    );
  });

  it('are refused when damaged, without reading past their end', () => {
    fc.assert(
      fc.property(blockFrame, fc.nat(), fc.nat(7), (frame, at, bit) => {
        const encoded = encodeBlockFrame(frame);
        if (encoded.length === 0) return;
        encoded[at % encoded.length] ^= 1 << bit;
        try {
          assert.ok(decodeBlockFrame(encoded).data.length <= encoded.length);
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
