import { createHash } from 'node:crypto';
import type { Projection } from '@hyperslab/codecs';
import type { Grid } from './grid.ts';

const projections: Record<Projection['type'], string> = {
  lambert_conformal: 'lambert',
  albers: 'albers',
  polar_stereographic: 'polar_stereographic',
  mercator: 'mercator',
  lambert_azimuthal: 'lambert_azimuthal_equal_area',
};

/** A name of a grid: its type, as ecCodes calls it, and a short hash of its definition. Equal grids have equal names. */
export function gridName(grid: Grid): string {
  const hash = createHash('sha256').update(JSON.stringify(grid)).digest('hex').slice(0, 8);
  return `${typeOf(grid)}_${hash}`;
}

function typeOf(grid: Grid): string {
  switch (grid.kind) {
    case 'regular':
    case 'reduced': {
      const prefix =
        grid.kind === 'reduced' ? 'reduced' : grid.rotation !== undefined ? 'rotated' : 'regular';
      return `${prefix}_${grid.gaussian === undefined ? 'll' : 'gg'}`;
    }
    case 'projected':
      return projections[grid.projection.type];
    case 'spectral':
      return 'sh';
    case 'unstructured':
      return 'unstructured_grid';
    case 'other':
      return 'unknown_grid';
    default:
      return grid.kind;
  }
}
