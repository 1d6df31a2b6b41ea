import assert from 'node:assert/strict';
import { conservativeRows } from '@hyperslab/kernels';
import fc from 'fast-check';
import type { AxesGrid } from '../../src/operations/regrid/parameters.ts';
import { cellsIn } from '../../src/operations/regrid/places.ts';
import { type Span, spansOfBox, spansOfCells } from '../../src/operations/regrid/source-span.ts';

function axis(low: number, high: number, count: number) {
  const end = (i: number) => low + ((high - low) * i) / count;
  const indices = Array.from({ length: count }, (_, i) => i);
  return { points: indices.map((i) => end(i + 0.5)), bounds: indices.flatMap((i) => [end(i), end(i + 1)]) };
}

/** Numbers as often in one part of a range as in another; most doubles of `fc.double` are close to 0. */
const evenly = (low: number, high: number) =>
  fc.integer({ min: 0, max: 2 ** 30 }).map((number) => low + ((high - low) * number) / 2 ** 30);

const pole = fc.option(
  fc.record({
    latitude: evenly(-90, 90),
    longitude: evenly(-180, 180),
    northPoleGridLongitude: evenly(-180, 180),
  }),
  { nil: undefined },
);

/** Grids of the globe or a part of it, on any pole. */
const grids = fc
  .record({
    pole,
    rows: fc.integer({ min: 1, max: 12 }),
    columns: fc.integer({ min: 2, max: 14 }),
    south: fc.integer({ min: -90, max: 60 }),
    height: fc.integer({ min: 5, max: 180 }),
    west: fc.integer({ min: -180, max: 180 }),
    width: fc.integer({ min: 5, max: 360 }),
  })
  .map(({ pole: own, rows, columns, south, height, west, width }): AxesGrid => {
    const north = Math.min(90, south + height);
    const latitude = axis(south, north, Math.max(rows, Math.ceil((north - south) / 60)));
    return {
      kind: 'axes',
      latitude: { ...latitude, limits: [-90, 90] },
      // Cells of half the globe are none: their corners lie on one great circle.
      longitude: { ...axis(west, west + width, Math.max(columns, Math.ceil(width / 60))), period: 360 },
      pole: own,
    };
  });

const extents = ({ latitude, longitude }: AxesGrid) => [latitude.points.length, longitude.points.length];

describe('the part of a source that cells touch', () => {
  it('has all that weighs in them', () => {
    fc.assert(
      fc.property(grids, grids, fc.nat(), fc.nat(), (source, target, a, b) => {
        const [rows, columns] = extents(target);
        const origin = [a % rows, b % columns];
        const box = { origin, shape: [1 + (b % (rows - origin[0])), 1 + (a % (columns - origin[1]))] };
        const cells = cellsIn(target, box, []);
        const whole = { origin: [0, 0], shape: extents(source) };
        const { indices, weights } = conservativeRows(cellsIn(source, whole, []))(cells);
        const within = (spans: readonly Span[], index: number) => {
          const place = [Math.floor(index / whole.shape[1]), index % whole.shape[1]];
          return spans.every(({ start, count }, i) => place[i] >= start && place[i] < start + count);
        };
        for (const spans of [spansOfBox(source, target, box), spansOfCells(source, cells)]) {
          for (const { start, count } of spans) assert.ok(start >= 0 && count >= 1);
          indices.forEach((index, i) => {
            assert.ok(
              weights[i] < 1e-9 || within(spans, index),
              `cell ${index} is not in ${JSON.stringify(spans)}`,
            );
          });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is small for a small box', () => {
    const source: AxesGrid = {
      kind: 'axes',
      latitude: { ...axis(-90, 90, 180), limits: [-90, 90] },
      longitude: { ...axis(0, 360, 360), period: 360 },
    };
    const target: AxesGrid = {
      kind: 'axes',
      latitude: axis(-1, 1, 20),
      longitude: axis(-1, 1, 20),
      pole: { latitude: 40, longitude: -160, northPoleGridLongitude: 0 },
    };
    const [rows, columns] = spansOfBox(source, target, { origin: [0, 0], shape: [20, 20] });
    assert.ok(rows.start >= 136 && rows.count <= 8, JSON.stringify(rows));
    assert.ok(columns.start >= 14 && columns.count <= 12, JSON.stringify(columns));
  });
});
