import { tilesOfHealpix } from '../../grid-tiles.ts';
import type { HeldPlaces } from '../../held-places.ts';
import { reducedContent, regularContent } from './geographic-content.ts';
import { type Grid, shapeOf } from './grid.ts';
import { addPlaces, type GridContent, plainContent } from './grid-content.ts';
import { projectedContent, transverseMercatorContent } from './projected-content.ts';

/** Dimensions, coordinates and grid mapping of a grid, for the group of the path given. Descriptions of places go to `places`. */
export function contentOf(grid: Grid, group: string, places: HeldPlaces): GridContent {
  switch (grid.kind) {
    case 'regular':
      return regularContent(grid, group, places);
    case 'reduced':
      return reducedContent(grid, group, places);
    case 'projected':
      return projectedContent(grid, group, places);
    case 'transverse_mercator':
      return transverseMercatorContent(grid, group, places);
    case 'healpix': {
      const content = plainContent(group, { values: 12 * grid.side ** 2 });
      addPlaces(content, places, () => tilesOfHealpix(grid.side, grid.nested));
      const order = grid.nested ? 'nested' : 'ring';
      return { ...content, groupAttributes: { healpix_nside: grid.side, healpix_order: order } };
    }
    case 'unstructured': {
      const content = plainContent(group, { values: grid.points });
      content.notes.push(`no coordinates: they are in the file of grid ${grid.gridNumber} (${grid.uuid})`);
      const { gridNumber, gridInReference, uuid } = grid;
      return {
        ...content,
        groupAttributes: {
          number_of_grid_used: gridNumber,
          number_of_grid_in_reference: gridInReference,
          uuidOfHGrid: uuid,
        },
      };
    }
    case 'spectral':
      return {
        ...plainContent(group, { values: shapeOf(grid)[0] }),
        groupAttributes: {
          spectral_content:
            'coefficients of spherical harmonics: real and imaginary part in turn, order by order',
          truncation_j: grid.j,
          truncation_k: grid.k,
          truncation_m: grid.m,
        },
      };
    case 'other': {
      return {
        ...plainContent(group, { values: grid.points }),
        notes: [`no coordinates: ${grid.what} is not read`],
      };
    }
  }
}
