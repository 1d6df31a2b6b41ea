import type { ComputedArray } from '@hyperslab/client';
import type { ImageFormat } from '@hyperslab/plot';
import type { Dataset } from '@hyperslab/proto/cube';
import { usageError } from '../context.ts';
import { gridPole } from './grid-pole.ts';
import { lineAxis } from './line-axis.ts';
import { mapFields } from './map-fields.ts';
import { pictureTitle } from './picture-title.ts';
import { squeeze } from './squeeze.ts';
import { unrotate } from './unrotate.ts';

/** What was drawn. */
export interface Picture {
  kind: 'map' | 'line';
  bytes: Uint8Array;
}

/**
 * Draws an array as its dimensions say: two on the globe a map, one a line; those of one index do not count. Throws
 * INVALID_ARGUMENT, saying what to select, for others.
 * @param datasets those that the array was computed from: they know its grid, and names for people
 */
export async function drawArray(
  computed: ComputedArray,
  datasets: readonly Dataset[],
  format: ImageFormat,
): Promise<Picture> {
  const array = squeeze(computed);
  const isVariable = datasets.some(({ variables }) => variables.some(({ name }) => name === array.name));
  const title = pictureTitle(array, isVariable);
  const { plotLine, plotMap } = await import('@hyperslab/plot');
  if (array.shape.length === 1) {
    const { x, times, label } = lineAxis(array);
    const yLabel = array.units === '' ? array.name : array.units;
    return {
      kind: 'line',
      bytes: await plotLine({ x, times, y: array, title, xLabel: label, yLabel, format }),
    };
  }
  const pole = gridPole(array, datasets);
  const fields = mapFields(array) ?? (pole && unrotate(array, pole));
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
