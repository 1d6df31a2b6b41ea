import type { IndexRange, MaskedArray } from '@hyperslab/array';
import { type Dataset, findCube } from '@hyperslab/client';
import { placeOnGlobe, type RotatedPole } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { type Grid, gridOf } from './grid.ts';
import type { GridHead } from './messages.ts';
import { type Thinned, thinGrid } from './thin.ts';

import { valueFrame } from './value-frame.ts';

/** Latitudes and longitudes of a picture: for each row and column, or for each cell. */
interface Places {
  kind: 'rectilinear' | 'curvilinear' | 'index';
  latitudes: Float32Array;
  longitudes: Float32Array;
}

/** Where the cells of a thinned slice lie, as a frame of latitudes and longitudes. A rotated grid comes as true places. */
export async function readGrid(dataset: Dataset, name: string, signal: AbortSignal) {
  const cube = findCube(dataset.metadata, name);
  const grid = gridOf(dataset.metadata, cube);
  if (grid === undefined)
    throw new HyperslabError('INVALID_ARGUMENT', `"${name}" has fewer than two dimensions to draw`);
  const thinned = thinGrid(cube.shape, grid);
  const { kind, latitudes, longitudes } = await placesOf(dataset, grid, thinned, signal);
  const { rows, columns, step } = thinned;
  const head: GridHead = { kind, rows: rows.count, columns: columns.count, step };
  return valueFrame(head, latitudes, longitudes);
}

async function placesOf(
  dataset: Dataset,
  { place }: Grid,
  { rows, columns }: Thinned,
  signal: AbortSignal,
): Promise<Places> {
  const read = async (name: string, ranges: IndexRange[]) =>
    degrees(await dataset.read(name, ranges, { signal }));
  switch (place.kind) {
    case 'index':
      return nowhere;
    case 'rectilinear': {
      const latitudes = await read(place.latitude, [rows]);
      const longitudes = await read(place.longitude, [columns]);
      const isWhole = !latitudes.some(Number.isNaN) && !longitudes.some(Number.isNaN);
      return isWhole ? { kind: 'rectilinear', latitudes, longitudes } : nowhere;
    }
    case 'curvilinear': {
      const ranges = place.isTurned ? [columns, rows] : [rows, columns];
      const upright = (values: Float32Array) =>
        place.isTurned ? turned(values, columns.count, rows.count) : values;
      const latitudes = upright(await read(place.latitude, ranges));
      return { kind: 'curvilinear', latitudes, longitudes: upright(await read(place.longitude, ranges)) };
    }
    case 'rotated':
      return unrotated(
        place.pole,
        await read(place.latitude, [rows]),
        await read(place.longitude, [columns]),
      );
  }
}

const nowhere: Places = { kind: 'index', latitudes: new Float32Array(), longitudes: new Float32Array() };

function unrotated(pole: RotatedPole, rows: Float32Array, columns: Float32Array): Places {
  const latitudes = new Float32Array(rows.length * columns.length);
  const longitudes = new Float32Array(latitudes.length);
  for (let cell = 0; cell < latitudes.length; cell++) {
    const row = Math.floor(cell / columns.length);
    const { latitude, longitude } = placeOnGlobe(pole, rows[row], columns[cell % columns.length]);
    latitudes[cell] = latitude;
    longitudes[cell] = longitude;
  }
  return { kind: 'curvilinear', latitudes, longitudes };
}

function turned(values: Float32Array, height: number, width: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % height) * width + Math.floor(i / height)]);
}

function degrees({ values, mask }: MaskedArray): Float32Array {
  return Float32Array.from({ length: values.length }, (_, i) =>
    mask?.[i] === 1 ? Number.NaN : Number(values[i]),
  );
}
