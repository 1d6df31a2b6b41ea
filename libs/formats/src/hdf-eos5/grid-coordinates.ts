import type { Attribute } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { EosStructure } from './structures.ts';

const mostCells = 1024 * 1024;

/**
 * Longitudes and latitudes of a grid of the projection HE5_GCTP_GEO, as variables with the names of its dimensions; none
 * for other projections, and for corner points that are no angles.
 */
export function gridCoordinates({ path, dimensions, grid }: EosStructure): IndexedVariable[] {
  if (grid === undefined || grid.projection !== 'HE5_GCTP_GEO') return [];
  const corners = /^HE5_HDFE_GD_([UL])([LR])$/.exec(grid.origin);
  const offset = { HE5_HDFE_CENTER: 0.5, HE5_HDFE_CORNER: 0 }[grid.registration];
  const [left, upper] = grid.upperLeft.map(degrees);
  const [right, lower] = grid.lowerRight.map(degrees);
  const isKnown = [left, upper, right, lower].every((angle) => Number.isFinite(angle));
  if (corners === null || offset === undefined || !isKnown) return [];
  const [, vertical, horizontal] = corners;
  const [west, east] = horizontal === 'L' ? [left, right] : [right, left];
  const [first, last] = vertical === 'U' ? [upper, lower] : [lower, upper];
  return [
    coordinate(path, 'XDim', dimensions.get('XDim'), [west, east, offset], ['longitude', 'degrees_east']),
    coordinate(path, 'YDim', dimensions.get('YDim'), [first, last, offset], ['latitude', 'degrees_north']),
  ].flatMap((variable) => variable ?? []);
}

/** An angle as GCTP packs it, DDDMMMSSS.SS; NaN when it is none. */
function degrees(packed: number): number {
  const size = Math.abs(packed);
  const whole = Math.floor(size / 1e6);
  const minutes = Math.floor((size - whole * 1e6) / 1e3);
  const seconds = size - whole * 1e6 - minutes * 1e3;
  if (whole > 360 || minutes >= 60 || seconds >= 60) return Number.NaN;
  return Math.sign(packed) * (whole + minutes / 60 + seconds / 3600);
}

function coordinate(
  path: string,
  name: string,
  size: number | undefined,
  [first, last, offset]: number[],
  [standardName, units]: string[],
): IndexedVariable | undefined {
  if (size === undefined || size < 1 || size > mostCells) return undefined;
  const step = (last - first) / size;
  const values = Float64Array.from({ length: size }, (_, i) => first + (i + offset) * step);
  return {
    name,
    dtype: 'float64',
    dimensions: [`${path}/${name}`],
    shape: [size],
    attributes: [text('standard_name', standardName), text('units', units)],
    inlineValues: {
      dtype: 'float64',
      shape: [size],
      data: Buffer.from(values.buffer),
      mask: Buffer.alloc(0),
    },
    notComputable: '',
    contentSha256: '',
  };
}

function text(name: string, value: string): Attribute {
  return { name, dtype: 'char', strings: [value], numbers: [], integers: [] };
}
