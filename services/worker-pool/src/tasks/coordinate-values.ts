import { decodeArray, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { CoordinateValues } from '@hyperslab/proto/expression';
import { readArray } from '@hyperslab/reader';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** Values of a coordinate: in the plan, or of a variable that the scheduler has put among its sources. */
export async function coordinateValues(
  environment: TaskEnvironment,
  { plan, signal }: TaskRequest,
  { where }: CoordinateValues,
): Promise<MaskedArray> {
  if (where?.$case === 'inlineValues') return decodeArray(where.value);
  const source = plan.sources.find(
    ({ dataset, variable }) =>
      where?.$case === 'selection' &&
      dataset === where.value.dataset &&
      variable?.name === where.value.variable,
  );
  if (where === undefined || source === undefined)
    throw new HyperslabError('INTERNAL', 'computed array: a coordinate is nowhere to be read');
  const { variable, manifest } = source;
  const selection = where.value;
  const wanted = { variable, manifest, selection, stored: false };
  const array = await readArray(await environment.readRequest(wanted, signal));
  const shape = array.shape.filter((_, axis) => !selection.droppedDimensions.includes(axis));
  return { ...array, shape };
}
