import type { MaskedArray } from '@hyperslab/array';
import { type Dataset, findCube, type IndexSelection } from '@hyperslab/client';
import { HyperslabError } from '@hyperslab/errors';
import { coordinateTexts, isTime } from './coordinate-text.ts';
import { type DimensionLabels, dimensionLabels } from './dimension.ts';
import type { SeriesView } from './messages.ts';
import { indicesAt, wholeNumber } from './request.ts';
import { thinLine } from './thin.ts';

/**
 * The values of a cube along one of its dimensions, at one index of each of the others; of a cube without dimensions its
 * only value. Computed by a job, for the workers to share what may lie in very many chunks.
 */
export async function readSeries(
  dataset: Dataset,
  query: URLSearchParams,
  name: string,
  signal: AbortSignal,
): Promise<SeriesView> {
  const cube = findCube(dataset.metadata, name);
  const at = indicesAt(query, cube);
  const along = wholeNumber(query, 'along', [0, Math.max(0, at.length - 1)], 0);
  const range = thinLine(cube.shape[along] ?? 1);
  const selection: Record<string, IndexSelection> = {};
  for (const [axis, index] of at.entries())
    selection[cube.dimensions[axis]] = axis === along ? [0, cube.shape[axis], range.step] : index;
  const source = dataset.cube(cube.name);
  const lazy = at.length === 0 ? source : source.isel(selection);
  const [computed, labels] = await Promise.all([
    lazy.compute({ signal }),
    at.length === 0 ? undefined : dimensionLabels(dataset, cube, along, signal),
  ]);
  const { units, missing, nan } = computed;
  const indices = Array.from({ length: range.count }, (_, i) => i * range.step);
  return {
    name: cube.name,
    units,
    along: cube.dimensions[along] ?? '',
    step: range.step,
    indices,
    ...placesAlong(labels, indices),
    values: plainNumbers(computed),
    missing,
    nan,
  };
}

function placesAlong(labels: DimensionLabels | undefined, indices: number[]) {
  if (labels === undefined) return { label: '', labelUnits: '', isTime: false, x: [...indices], texts: [] };
  const { coordinate, values } = labels;
  const ofTime = isTime(coordinate);
  const isText = Array.isArray(values.values) || values.dtype === 'char';
  return {
    label: coordinate.variable,
    labelUnits: ofTime ? '' : coordinate.units,
    isTime: ofTime,
    x: isText ? indices : indices.map((i) => (values.mask?.[i] === 1 ? i : Number(values.values[i]))),
    texts: indices.map(coordinateTexts(values, coordinate)),
  };
}

/** Values for JSON: null where there is no number. */
function plainNumbers({ dtype, values, mask }: MaskedArray): (number | null)[] {
  if (Array.isArray(values) || dtype === 'char')
    throw new HyperslabError('NOT_COMPUTABLE', `values of type ${dtype} can't be drawn; expected numbers`);
  return Array.from({ length: values.length }, (_, i) => {
    const value = Number(values[i]);
    return mask?.[i] === 1 || !Number.isFinite(value) ? null : value;
  });
}
