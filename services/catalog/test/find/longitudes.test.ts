import assert from 'node:assert/strict';
import fc from 'fast-check';
import { longitudeRanges } from '../../src/find/longitudes.ts';

describe('longitude ranges', () => {
  it('hold the longitudes of the span and no others', () => {
    const whole = fc.integer({ min: -540, max: 540 });
    fc.assert(
      fc.property(whole, whole, (west, east) => {
        const held = new Set<number>();
        const span = east - west >= 360 ? 360 : (((east - west) % 360) + 360) % 360;
        for (let step = 0; step <= span; step++) held.add((((west + step) % 360) + 360) % 360);
        const ranges = longitudeRanges(west, east);
        for (let longitude = -180; longitude <= 180; longitude++) {
          const inside = ranges.some(([from, to]) => from <= longitude && longitude <= to);
          assert.equal(inside, held.has((longitude + 360) % 360), `${longitude} in ${west} to ${east}`);
        }
      }),
    );
  });
});
