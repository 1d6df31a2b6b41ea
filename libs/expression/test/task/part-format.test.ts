import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { elementCount, type MaskedArray, regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { decodeBlock, hasParts, joinParts, partOf, readPart, splitParts } from '../../src/index.ts';
import { partsOfBlock, partsWithin } from '../../src/task/block-parts.ts';
import { decodePart, encodeParts } from '../../src/task/part-format.ts';

const shape = [4, 5];
const block = { origin: [8, 3], shape };
const grid = [regularRuns(20, 9), regularRuns(10, 4)];
const array: MaskedArray = {
  dtype: 'int16',
  shape,
  values: Int16Array.from({ length: 20 }, (_, i) => i),
  mask: Uint8Array.from({ length: 20 }, (_, i) => +(i === 7)),
};

describe('parts of blocks', () => {
  it('are where a grid cuts a block, in row-major order', () => {
    const parts = partsOfBlock(block, grid);
    assert.deepEqual(parts, [
      { origin: [8, 3], shape: [1, 1] },
      { origin: [8, 4], shape: [1, 4] },
      { origin: [9, 3], shape: [3, 1] },
      { origin: [9, 4], shape: [3, 4] },
    ]);
  });

  it('are found by what is needed of a block', () => {
    const parts = partsOfBlock(block, grid);
    fc.assert(
      fc.property(fc.nat(19), fc.nat(9), fc.nat(12), fc.nat(9), (row, column, rows, columns) => {
        const box = { origin: [row, column], shape: [rows, columns] };
        const found = partsWithin(block, grid, box);
        const expected = parts.flatMap((place, part) => {
          const overlaps = place.origin.every(
            (start, axis) =>
              start < box.origin[axis] + box.shape[axis] && box.origin[axis] < start + place.shape[axis],
          );
          return overlaps && elementCount(box.shape) > 0 ? [{ part, place }] : [];
        });
        assert.deepEqual(found, expected);
      }),
    );
  });

  it('come back as they were, one by one and joined anew', () => {
    const parts = partsOfBlock(block, grid);
    const encoded = encodeParts(array, parts);
    assert.ok(hasParts(encoded));
    const valuesOf = (bytes: Uint8Array) =>
      decodeBlock(bytes).map(({ values }) => Array.from(values as Int16Array));
    assert.deepEqual(valuesOf(partOf(encoded, 1).bytes), [[1, 2, 3, 4]]);
    const [last] = decodeBlock(partOf(encoded, 3).bytes);
    assert.deepEqual(Array.from(last.values as Int16Array), [6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18, 19]);
    assert.deepEqual([last.shape, last.mask?.indexOf(1)], [[3, 4], 1]);
    for (const { bytes, crc32: sum } of splitParts(encoded)) assert.equal(crc32(bytes), sum);
    assert.deepEqual(joinParts(splitParts(encoded)), encoded);
    const two = joinParts([partOf(encoded, 2), partOf(encoded, 0)]);
    assert.deepEqual(
      splitParts(two).map(({ bytes }) => valuesOf(bytes)),
      [[[5, 10, 15]], [[0]]],
    );
  });

  it('are compressed where that pays, and are so wherever they go', () => {
    const large = { origin: [0, 0], shape: [64, 64] };
    const grids = [regularRuns(64, 64), regularRuns(64, 16)];
    const parts = partsOfBlock(large, grids);
    const valuesOf = (value: (at: number) => number): MaskedArray => ({
      dtype: 'float64',
      shape: [64, 64],
      values: Float64Array.from({ length: 4096 }, (_, at) => value(at)),
    });
    for (const [of, pays] of [
      [valuesOf((at) => at % 64), true],
      [valuesOf((at) => Math.sin(at * at)), false],
    ] as const) {
      const encoded = encodeParts(of, parts);
      assert.equal(encoded.length < 64 * 64 * 4, pays);
      const found = decodePart(partOf(joinParts(splitParts(encoded)), 2).bytes, 64 * 16 * 8 + 1000);
      const expected = Array.from(
        { length: 64 * 16 },
        (_, i) => of.values[Math.floor(i / 16) * 64 + 32 + (i % 16)],
      );
      assert.deepEqual(Array.from(found.values as Float64Array), expected);
    }
    const [{ bytes }] = splitParts(
      encodeParts(
        valuesOf(() => 1),
        parts,
      ),
    );
    assert.throws(
      () => decodePart(bytes, 100),
      (error) => isHyperslabError(error, 'FORMAT_CORRUPT'),
    );
  });

  it('are read one by one from where they lie', async () => {
    const encoded = encodeParts(array, partsOfBlock(block, grid));
    const reader = (bytes: Uint8Array) => async (start: number, length: number) =>
      bytes.subarray(start, start + length);
    for (const [part, expected] of splitParts(encoded).entries())
      assert.deepEqual(await readPart(reader(encoded), part, encoded.length), expected);
    for (let length = 0; length < encoded.length - 8; length++)
      await assert.rejects(readPart(reader(encoded.subarray(0, length)), 3, encoded.length), (error) =>
        isHyperslabError(error, 'FORMAT_CORRUPT'),
      );
  });

  it('are asked for within their block, whatever a damaged one says of where they lie', async () => {
    const encoded = encodeParts(array, partsOfBlock(block, grid));
    const size = encoded.length;
    await withinLimits(async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: 8 + 4 * 16 - 1 }), fc.nat({ max: 255 }), async (at, value) => {
          const damaged = encoded.with(at, value);
          const read = async (start: number, length: number) => {
            assert.ok(start + length <= size, `asked for ${length} bytes from ${start} on`);
            return damaged.subarray(start, start + length);
          };
          for (const part of [0, 3])
            await readPart(read, part, size).catch((error) =>
              assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error)),
            );
        }),
        { numRuns: 1000 },
      );
    });
  });

  it('have no mask when nothing is missing', () => {
    const whole = encodeParts({ ...array, mask: new Uint8Array(20) }, partsOfBlock(block, grid));
    assert.equal(decodeBlock(partOf(whole, 0).bytes)[0].mask, undefined);
  });

  it('are refused when they are damaged, within limits', async () => {
    const encoded = encodeParts(array, partsOfBlock(block, grid));
    const refused = (bytes: Uint8Array): boolean => {
      try {
        for (const part of splitParts(bytes)) decodePart(part.bytes, 10_000);
        return false;
      } catch (error) {
        assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
        return true;
      }
    };
    for (let length = 0; length < encoded.length; length++) assert.ok(refused(encoded.slice(0, length)));
    assert.throws(() => partOf(encoded, 4), /has 4 parts, and not number 4/);
    await withinLimits(async () => {
      fc.assert(
        fc.property(fc.nat({ max: encoded.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
          refused(encoded.with(at, value));
        }),
        { numRuns: 2000 },
      );
      fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.ok(refused(bytes))));
    });
  });
});
