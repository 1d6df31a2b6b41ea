import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Extents, kept } from '../../src/wasm/extents.ts';

/** For so many extents, of so many units. */
function createExtents(most: number, units: number): Extents {
  const extents = new Extents(new Int32Array(Extents.wordsFor(most)), most);
  extents.extend(units);
  return extents;
}

describe('extents', () => {
  it('never overlap, and are one again when all are free', () => {
    const step = fc.record({
      size: fc.integer({ min: 1, max: 400 }),
      kind: fc.nat({ max: 5 }),
      owner: fc.constantFrom(1, 2, kept),
    });
    const property = fc.property(
      fc.array(step, { maxLength: 300, size: 'max' }),
      fc.integer({ min: 2, max: 60 }),
      (steps, most) => {
        const words = new Int32Array(Extents.wordsFor(most));
        let extents = new Extents(words, most);
        extents.extend(2000);
        let held: { extent: number; size: number; owner: number }[] = [];
        for (const { size, kind, owner } of steps) {
          if (kind === 0 && held.length > 0) extents.free(held.splice(size % held.length, 1)[0].extent);
          else if (kind === 1) extents.extend((size % 30) + 1);
          else if (kind === 2 && size % 20 === 0) {
            extents.freeAllOf(owner);
            held = held.filter((other) => other.owner !== owner);
          } else if (kind === 3 && held.length > 0) {
            const given = held[size % held.length];
            given.owner = owner;
            extents.give(given.extent, owner);
          } else {
            const extent = extents.take(size, owner);
            if (extent === -1) continue;
            const start = extents.startOf(extent);
            assert.ok(extents.lengthOf(extent) >= size && start + extents.lengthOf(extent) <= extents.end);
            for (const other of held) {
              const from = extents.startOf(other.extent);
              assert.ok(start + size <= from || from + other.size <= start);
            }
            held.push({ extent, size, owner });
          }
          const taken = held.reduce((sum, { extent }) => sum + extents.lengthOf(extent), 0);
          assert.equal(extents.taken, taken);
          // Another thread sees the same words.
          extents = new Extents(words, most, false);
        }
        for (const { extent } of held) extents.free(extent);
        assert.equal(extents.taken, 0);
        assert.equal(extents.freeAtEnd, extents.end);
        const all = extents.take(extents.end, 1);
        assert.equal(extents.startOf(all), 0);
        assert.equal(extents.lengthOf(all), extents.end);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it('are found as long as one is long enough, to a sixteenth of its size', () => {
    const extents = createExtents(100, 2 ** 20);
    const [one] = [extents.take(1000, 1), extents.take(1, 1)];
    extents.free(one);
    // What is as long as what was freed last gets that.
    assert.equal(extents.startOf(extents.take(1000, 1)), 0);
    const most = extents.freeAtEnd;
    assert.notEqual(extents.take(Math.floor((most * 15) / 16), 1), -1);
  });

  it('are given out at the same pace however many are free', () => {
    const extents = createExtents(2 ** 16, 2 ** 24);
    const held = Array.from({ length: 2 ** 15 }, (_, at) => extents.take(1 + (at % 97), 1));
    held.forEach((extent, at) => {
      if (at % 2 === 0) extents.free(extent);
    });
    assert.ok(held.every((extent) => extent !== -1));
    for (let round = 0; round < 100_000; round++) extents.free(extents.take(1 + (round % 97), 1));
    held.forEach((extent, at) => {
      if (at % 2 === 1) extents.free(extent);
    });
    assert.equal(extents.taken, 0);
  });
});
