import assert from 'node:assert/strict';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import fc from 'fast-check';
import { decodeChunk, type GridPart } from '../../src/index.ts';

function decode(part: unknown, points: number, coordinate = 'latitude'): number[] {
  const bytes = typeof part === 'string' ? part : JSON.stringify(part);
  const layout = {
    storedDtype: 'float64',
    codecs: [
      { name: 'bytes', configuration: '{"endian":"little"}' },
      { name: 'grid_points', configuration: JSON.stringify({ coordinate }) },
    ],
  };
  return Array.from(decodeChunk(Buffer.from(bytes), layout, points, 0) as Float64Array);
}

function refused(reason: Reason, text: RegExp, decoded: () => unknown): void {
  assert.throws(decoded, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, text);
    return true;
  });
}

const rows: GridPart = {
  ...{ kind: 'rows', latitudes: [60, 0, -60], counts: [4, 8, 4], skip: 2, points: 12 },
  ...{ first: 0, way: 360, closed: true },
};

describe('grid points: descriptions', () => {
  it('of rows begin and end within a row', () => {
    assert.deepEqual(decode(rows, 12), [60, 60, 0, 0, 0, 0, 0, 0, 0, 0, -60, -60]);
    assert.deepEqual(decode(rows, 12, 'longitude'), [180, 270, 0, 45, 90, 135, 180, 225, 270, 315, 0, 90]);
  });

  it('of rows that do not come round end where they end', () => {
    const open = { ...rows, skip: 0, points: 16, first: 10, way: -30, closed: false };
    assert.deepEqual(decode(open, 16, 'longitude').slice(0, 5), [10, 0, -10, -20, 10]);
    const single = { ...open, latitudes: [5], counts: [1], points: 1 };
    assert.deepEqual(decode(single, 1, 'longitude'), [10]);
  });

  it('of a turned sphere have their own pole where it is', () => {
    const y = { first: 80, step: 5, from: 1, count: 2 };
    const part: GridPart = { kind: 'rotated', pole: { latitude: 40, longitude: 170 }, y, x: [0, 90] };
    const [latitudes, longitudes] = [decode(part, 4), decode(part, 4, 'longitude')];
    // The pole itself, at 90 degrees of the second row.
    assert.ok(Math.abs(latitudes[2] - 40) < 1e-12 && Math.abs(longitudes[3] - 170) < 1e-9);
    // Five degrees beside it: its first meridian leads over the geographic pole.
    assert.ok(Math.abs(latitudes[0] - 45) < 1e-9 && Math.abs(longitudes[0] - 170) < 1e-9);
  });

  it('of other numbers of points are refused', () => {
    refused('FORMAT_CORRUPT', /expected a description of 13 points, found \{"kind":"rows"/, () =>
      decode(rows, 13),
    );
    refused('FORMAT_CORRUPT', /a description of 5 points/, () =>
      decode({ kind: 'rotated', pole: { latitude: 1, longitude: 2 }, y: [1, 2], x: [3, 4] }, 5),
    );
  });

  it('of another kind, or of none, are refused', () => {
    refused('FORMAT_CORRUPT', /a description of points as JSON, found 3 other bytes/, () => decode('{"a', 1));
    for (const part of [null, [], 3, { kind: 'spiral' }, { ...rows, latitudes: [60, 0] }]) {
      refused('FORMAT_CORRUPT', /a description of 12 points/, () => decode(part, 12));
    }
    refused('FORMAT_UNSUPPORTED', /expected "coordinate" to be latitude or longitude, found "height"/, () =>
      decode(rows, 12, 'height'),
    );
  });

  it('that are damaged end in values or an error', () => {
    const axis = { first: 1000, step: 3000, from: 2, count: 3 };
    const parts: GridPart[] = [
      rows,
      { kind: 'healpix', side: 4, nested: true, first: 3, points: 12 },
      {
        ...{ kind: 'plane', earth: { major: 6371229, minor: 6371229 }, y: axis, x: { ...axis, count: 4 } },
        projection: { type: 'polar_stereographic', south: false, trueLatitude: 60, centralLongitude: 8 },
      },
      {
        ...{ kind: 'rotated', pole: { latitude: 40, longitude: 170 } },
        ...{ y: [1, 2, 3], x: { first: 0, step: 1, from: 0, count: 4 } },
      },
    ];
    let decoded = 0;
    const damage = fc.record({
      part: fc.constantFrom(...parts),
      // Digits make other numbers, which stay a description.
      octets: fc.array(fc.tuple(fc.nat(), fc.oneof(fc.integer({ min: 0x30, max: 0x39 }), fc.nat(255))), {
        ...{ minLength: 1, maxLength: 3 },
      }),
      isWild: fc.boolean(),
      length: fc.option(fc.nat(200), { freq: 4 }),
    });
    fc.assert(
      fc.property(damage, ({ part, octets, length, isWild }) => {
        const bytes = Buffer.from(JSON.stringify(part));
        for (const [at, octet] of octets) {
          const place = at % bytes.length;
          if (isWild || /\d/.test(String.fromCharCode(bytes[place]))) bytes[place] = octet;
        }
        const text = bytes.toString('latin1').slice(0, length ?? undefined);
        try {
          assert.equal(decode(text, 12).length, 12);
          decoded++;
        } catch (error) {
          assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), `${text}: ${error}`);
        }
      }),
      { numRuns: 3000 },
    );
    assert.ok(decoded > 50 && decoded < 2950, `${decoded} decoded`);
  });
});
