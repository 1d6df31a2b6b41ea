import { HyperslabError } from '@hyperslab/errors';
import { addArray } from '../../resolve/array-node.ts';
import { type CoordinateData, inlineArray, readData } from '../../resolve/coordinate-data.ts';
import { addNode } from '../../resolve/node-table.ts';
import type { InferContext } from '../operation.ts';
import { degreesIn, type FoundGrid } from './find-grid.ts';
import { type FieldsGrid, type RegridMethod, weighsAreas } from './parameters.ts';

/**
 * A grid that has fields of latitudes and longitudes, whose nodes become inputs. Cells are asked for where areas count; throws
 * EXPRESSION_INVALID when the coordinates have no bounds.
 */
export async function fieldsGrid(
  context: InferContext,
  { extents, latitude, longitude }: FoundGrid,
  inputs: number[],
  method: RegridMethod,
): Promise<FieldsGrid> {
  const add = async (data: CoordinateData) => inputs.push(await coordinateNode(context, data)) - 1;
  const grid: FieldsGrid = {
    kind: 'fields',
    extents,
    latitude: await add(latitude.values),
    longitude: await add(longitude.values),
    scale: [degreesIn(latitude.units), degreesIn(longitude.units)],
  };
  if (!weighsAreas(method)) return grid;
  const [north, east] = [latitude.bounds, longitude.bounds];
  if (north === undefined || east === undefined)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${latitude.name}" and "${longitude.name}" have no bounds, which method=${method} weighs by; use method=bilinear or nearest`,
    );
  const bounds = { latitude: await add(north), longitude: await add(east) };
  const [a, b] = [bounds.latitude, bounds.longitude].map((input) => context.table.nodes[inputs[input]].shape);
  if (a.length !== extents.length + 1 || a.join() !== b.join())
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `bounds of "${latitude.name}" and "${longitude.name}" have shapes [${a}] and [${b}]; expected the corners of each cell in both`,
    );
  return { ...grid, bounds: { ...bounds, corners: a[a.length - 1] } };
}

/** A node that has the values of a coordinate: what is stored is read by who computes, other values travel in the plan. */
async function coordinateNode(context: InferContext, data: CoordinateData): Promise<number> {
  const { table, sources, read } = context;
  if ('array' in data.from || inlineArray(data.from.variable) !== undefined)
    return addArray(context, data.dimensions, await readData(data, read));
  const { dataset, variable, ranges, dropped } = data.from;
  const name = `${dataset.name}@${dataset.version}`;
  const known = sources.findIndex((each) => each.dataset === name && each.variable?.name === variable.name);
  const source =
    known >= 0 ? known : sources.push({ variable, manifest: dataset.manifest, dataset: name }) - 1;
  return addNode(table, {
    dtype: variable.dtype,
    dimensions: [...data.dimensions],
    shape: ranges.filter((_, axis) => !dropped.includes(axis)).map(({ count }) => count),
    kind: { $case: 'read', value: { source, ranges, droppedDimensions: dropped } },
  });
}
