import { reducedContent, regularContent } from './geographic-content.ts';
import { type Grid, shapeOf } from './grid.ts';
import { addPlaces, type GridContent, plainContent } from './grid-content.ts';
import { healpixPoints } from './healpix-points.ts';
import { projectedContent, transverseMercatorContent } from './projected-content.ts';

/** Dimensions, coordinates and grid mapping of a grid, for the group of the path given. */
export function contentOf(grid: Grid, group: string): GridContent {
  switch (grid.kind) {
    case 'regular':
      return regularContent(grid, group);
    case 'reduced':
      return reducedContent(grid, group);
    case 'projected':
      return projectedContent(grid, group);
    case 'transverse_mercator':
      return transverseMercatorContent(grid, group);
    case 'healpix': {
      const content = plainContent(group, { values: 12 * grid.side ** 2 });
      addPlaces(content, () => healpixPoints(grid.side, grid.nested));
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
