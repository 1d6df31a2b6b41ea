import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { FieldCursor } from '../../src/hdf5/field-cursor.ts';
import { mapAxes } from '../../src/hdf5/virtual/axis-map.ts';
import { parseSelection } from '../../src/hdf5/virtual/selection.ts';

const cursor = (bytes: Uint8Array) => new FieldCursor(bytes, { url: 'mem:x', offsetSize: 8, lengthSize: 8 });

const claim = (spans: number) => spans <= 1000;

/** Little-endian words. */
function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

describe('hdf5: dataspace selections', () => {
  it('are parsed from blocks', () => {
    const blocks = words(2, 1, 0, 0, 2, 4, 0, 0, 1, 2, 0, 6, 1, 8, 4, 0, 5, 2, 4, 6, 5, 8);
    const spans = [
      [
        { start: 0, length: 2 },
        { start: 4, length: 2 },
      ],
      [
        { start: 0, length: 3 },
        { start: 6, length: 3 },
      ],
    ];
    assert.deepEqual(parseSelection(cursor(blocks), claim), { kind: 'spans', spans });
    // One block fewer is no product of rows and columns.
    const three = words(2, 1, 0, 0, 2, 3, 0, 0, 1, 2, 0, 6, 1, 8, 4, 0, 5, 2);
    assert.equal(parseSelection(cursor(three), claim).kind, 'other');
    // Nor are blocks of which one is larger.
    const uneven = words(2, 1, 0, 0, 2, 4, 0, 0, 1, 2, 0, 6, 1, 8, 4, 0, 5, 2, 4, 6, 5, 9);
    assert.equal(parseSelection(cursor(uneven), claim).kind, 'other');
  });

  it('with more blocks than may be made are not made', () => {
    // Version 3 and regular: 4 bytes a number, one dimension of start 0, stride 2, so many blocks of 1.
    const regular = (count: number) =>
      Buffer.concat([words(2, 3), Uint8Array.of(1, 4), words(1, 0, 2, count, 1)]);
    let left = 5;
    const few = (spans: number) => {
      if (spans > left) return false;
      left -= spans;
      return true;
    };
    assert.equal(parseSelection(cursor(regular(3)), few).kind, 'spans');
    assert.deepEqual(parseSelection(cursor(regular(3)), few), { kind: 'other', what: 'too many blocks' });
    assert.equal(parseSelection(cursor(regular(2)), few).kind, 'spans');
    assert.equal(parseSelection(cursor(regular(0xfffffffe)), few).kind, 'other');
  });

  it('are taken apart by dimensions', () => {
    const span = (start: number, length: number) => [{ start, length }];
    assert.deepEqual(mapAxes([span(3, 1), span(0, 4)], [span(2, 4)]), [
      { segments: [{ virtual: 3, source: 0, length: 1 }] },
      { segments: [{ virtual: 0, source: 2, length: 4 }], sourceAxis: 0 },
    ]);
    assert.equal(mapAxes([span(0, 2), span(0, 6)], [span(0, 3), span(0, 4)]), undefined);
  });

  it('of any bytes are parsed or refused', () => {
    const start = fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 2, 3), fc.nat(3));
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 255), (head, rest, filler) => {
        const bytes = Buffer.concat([words(...head), rest.map((byte) => (byte > 200 ? filler : byte % 4))]);
        try {
          assert.ok(parseSelection(cursor(bytes), claim).kind);
        } catch (error) {
          assert.ok(error instanceof HyperslabError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
