import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { ByteCursor } from '../src/byte-cursor.ts';

const cursorOf = (...bytes: number[]) =>
  new ByteCursor(Uint8Array.from(bytes), { url: 'file:///a', base: 100 });

function corrupt(body: () => unknown, text: RegExp): void {
  assert.throws(body, (error) => {
    assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'));
    assert.match(error.message, text);
    return true;
  });
}

describe('byte cursor', () => {
  it('reads numbers of both byte orders', () => {
    const bytes = new Uint8Array(64);
    const view = new DataView(bytes.buffer);
    for (const order of ['little', 'big'] as const) {
      const little = order === 'little';
      view.setInt16(0, -2, little);
      view.setUint32(2, 2 ** 32 - 3, little);
      view.setBigInt64(6, -4n, little);
      view.setFloat32(14, 0.5, little);
      view.setFloat64(18, Math.PI, little);
      view.setBigUint64(26, 2n ** 64n - 1n, little);
      view.setUint16(34, 7, little);
      const cursor = new ByteCursor(bytes, { url: 'x', order });
      assert.deepEqual(
        [cursor.int16(), cursor.uint32(), cursor.bigInt64(), cursor.float32(), cursor.float64()],
        [-2, 2 ** 32 - 3, -4n, 0.5, Math.PI],
      );
      assert.equal(cursor.bigUint64(), 2n ** 64n - 1n);
      assert.equal(cursor.uint16(), 7);
      assert.equal(cursor.offset, 36);
    }
  });

  it('reads unsigned integers of any width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(), fc.boolean(), (width, number, little) => {
        const value = number % 256 ** width;
        const bytes = Buffer.alloc(width);
        if (little) bytes.writeUIntLE(value, 0, width);
        else bytes.writeUIntBE(value, 0, width);
        const cursor = new ByteCursor(bytes, { url: 'x', order: little ? 'little' : 'big' });
        assert.equal(cursor.uint(width), value);
      }),
    );
  });

  it('says where in the object the bytes end', () => {
    const cursor = cursorOf(1, 2, 3);
    cursor.skip(1);
    corrupt(
      () => cursor.uint32(),
      /^file:\/\/\/a at byte 101: expected a uint32 \(4 bytes\), found 2 bytes left/,
    );
    assert.equal(cursor.wantedLength, 5);
    corrupt(() => cursor.bytes(-1), /bytes/);
    corrupt(() => cursor.bytes(2 ** 60), /2 bytes left/);
    corrupt(() => cursor.seek(4), /position 4/);
    assert.deepEqual([...cursor.bytes(2)], [2, 3]);
  });

  it('refuses sizes past 2^53 and text that is none', () => {
    corrupt(() => cursorOf(255, 255, 255, 255, 255, 255, 255, 255).uint(8), /at byte 100: expected a size/);
    corrupt(() => cursorOf(65, 255).text(2), /UTF-8 text/);
    assert.equal(cursorOf(0xc3, 0xbc).text(2), 'ü');
  });
});
