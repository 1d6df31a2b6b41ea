import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planRanges } from '../src/range-plan.ts';

const limits = { gapBytes: 10, requestBytes: 100 };

describe('range plan', () => {
  it('joins near ranges, whatever their order', () => {
    const plan = planRanges(
      [
        { offset: 30, length: 5 },
        { offset: 0, length: 20 },
        { offset: 100, length: 1 },
      ],
      limits,
    );
    assert.deepEqual(
      plan.map(({ offset, length }) => [offset, length]),
      [
        [0, 35],
        [100, 1],
      ],
    );
  });

  it('splits long ranges', () => {
    const plan = planRanges([{ offset: 7, length: 250 }], limits);
    assert.deepEqual(
      plan.map(({ offset, length }) => [offset, length]),
      [
        [7, 100],
        [107, 100],
        [207, 50],
      ],
    );
  });

  it('brings every byte of every range, in few bytes and requests', () => {
    const range = fc.record({ offset: fc.nat(1000), length: fc.nat(300) });
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), (ranges) => {
        const found = ranges.map(({ length }) => new Array<number>(length).fill(-1));
        const plan = planRanges(ranges, limits);
        for (const { offset, length, parts } of plan) {
          assert.ok(length >= 1 && length <= limits.requestBytes);
          for (const part of parts) {
            assert.ok(part.requestOffset + part.length <= length);
            for (let i = 0; i < part.length; i++) {
              found[part.range][part.rangeOffset + i] = offset + part.requestOffset + i;
            }
          }
        }
        ranges.forEach(({ offset }, number) => {
          found[number].forEach((byte, i) => {
            assert.equal(byte, offset + i);
          });
        });
        const wanted = ranges.reduce((sum, { length }) => sum + length, 0);
        const fetched = plan.reduce((sum, { length }) => sum + length, 0);
        assert.ok(fetched <= wanted + limits.gapBytes * ranges.length * 4);
      }),
    );
  });
});
