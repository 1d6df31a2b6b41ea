import { readFileSync } from 'node:fs';
import type { Earth, Projection } from '@hyperslab/codecs';
import type { GridDefinition } from './grid.ts';
import { directions } from './scan-directions.ts';

/** NCEP's sphere: its grids are defined on it, whatever the flags of a message without a definition would say. */
const sphere: Earth = { major: 6371200, minor: 6371200 };

/** International exchange grids (code table B), which every centre may use. */
const international = new Set([21, 22, 23, 24, 25, 26, 61, 62, 63, 64]);

let definitions: Map<number, GridDefinition> | undefined;

/**
 * The grid that a number stands for in messages of edition 1 without a grid description section; undefined for numbers
 * that are not known, and for centres other than NCEP that have numbers of their own.
 */
export function predefinedGrid(centre: number, number: number): GridDefinition | undefined {
  if (centre !== 7 && !international.has(number)) return undefined;
  definitions ??= readDefinitions();
  return definitions.get(number);
}

function readDefinitions(): Map<number, GridDefinition> {
  const text = readFileSync(new URL('predefined-grids.txt', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [numbers, rows] = line.split(' : ');
      const [number, ...section] = numbers.split(' ').map(Number);
      return [number, definitionOf(section, rows === undefined ? undefined : runs(rows))] as const;
    }),
  );
}

/** "37x36 1": 36 rows of 37 points, and one of 1. */
function runs(text: string): number[] {
  return text.split(' ').flatMap((run) => {
    const [points, count = 1] = run.split('x').map(Number);
    return Array.from({ length: count }, () => points);
  });
}

function definitionOf(section: readonly number[], rows: number[] | undefined): GridDefinition {
  const [type, ni, nj, la1, lo1, flags, a, b, c, d, e, f, g] = section;
  const [latitude, longitude] = [la1 / 1000, lo1 / 1000];
  const plane = (projection: Projection, scan: number, dx: number, dy: number): GridDefinition => {
    const { east, north } = directions(scan);
    const steps = { dx: east ? dx : -dx, dy: north ? dy : -dy };
    const place = { latitude, longitude, last: undefined };
    const grid = { kind: 'projected' as const, projection, earth: sphere, ni, nj, ...place, ...steps };
    return { grid, scan, windsAlongGrid: (flags & 0x08) !== 0 };
  };
  switch (type) {
    case 1:
      return plane({ type: 'mercator', trueLatitude: c / 1000, centralLongitude: 0 }, d, e, f);
    case 3: {
      const parallels: [number, number] = [f / 1000, g / 1000];
      const centralLongitude = a / 1000;
      return plane(
        { type: 'lambert_conformal', parallels, centralLongitude, latitudeOfOrigin: parallels[0] },
        e,
        b,
        c,
      );
    }
    case 5: {
      const south = (d & 0x80) !== 0;
      const trueLatitude = south ? -60 : 60;
      return plane({ type: 'polar_stereographic', south, trueLatitude, centralLongitude: a / 1000 }, e, b, c);
    }
    default: {
      const { east, north } = directions(e);
      const common = {
        latitude: { first: latitude, last: a / 1000, step: undefined, ascending: north },
        longitude: { first: longitude, last: b / 1000, step: undefined, ascending: east },
        gaussian: type === 4 ? d : undefined,
        rotation: undefined,
        stretched: false,
      };
      const windsAlongGrid = (flags & 0x08) !== 0;
      return rows === undefined
        ? { grid: { kind: 'regular', ...common, ni, nj }, scan: e, windsAlongGrid }
        : { grid: { kind: 'reduced', ...common, rows }, scan: e, windsAlongGrid };
    }
  }
}
