import type { ComputedArray } from '@hyperslab/client';
import type { ImageFormat } from '@hyperslab/plot';
import { usageError } from '../context.ts';
import { lineAxis } from './line-axis.ts';
import { mapFields } from './map-fields.ts';
import { pictureTitle } from './picture-title.ts';
import { squeeze } from './squeeze.ts';

/** What was drawn. */
export interface Picture {
  kind: 'map' | 'line';
  bytes: Uint8Array;
}

/**
 * Draws an array as its dimensions say: two on the globe a map, one a line; those of one index do not count. Throws
 * INVALID_ARGUMENT, saying what to select, for others.
 */
export async function drawArray(computed: ComputedArray, format: ImageFormat): Promise<Picture> {
  const array = squeeze(computed);
  const title = pictureTitle(array);
  const { plotLine, plotMap } = await import('@hyperslab/plot');
  if (array.shape.length === 1) {
    const { x, times, label } = lineAxis(array);
    const yLabel = array.units === '' ? array.name : array.units;
    return {
      kind: 'line',
      bytes: await plotLine({ x, times, y: array, title, xLabel: label, yLabel, format }),
    };
  }
  const fields = mapFields(array);
  if (fields !== undefined) {
    return { kind: 'map', bytes: await plotMap({ ...fields, title, units: array.units, format }) };
  }
  throw usageError(`nothing to draw: ${whatToDo(array)}`);
}

function whatToDo({ dimensions, shape }: ComputedArray): string {
  if (shape.length === 0) return 'the result is a single value; keep one dimension for a line, two for a map';
  const extents = dimensions.map((dimension, axis) => `${dimension}: ${shape[axis]}`).join('; ');
  if (shape.length === 2) return `(${extents}) has no latitudes and longitudes; select one index for a line`;
  return `the result has dimensions (${extents}); select or reduce until one is left for a line, or two for a map`;
}
