import type { NumericType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { interpolatedType } from '@hyperslab/kernels';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { addOperation, assertNumeric } from '../../resolve/node-table.ts';
import type { Arguments } from '../arguments.ts';
import type { AxisMethod } from '../interpolate/axis-parameters.ts';
import type { InterpolateParameters } from '../interpolate/rule.ts';
import type { Infer, InferContext } from '../operation.ts';
import { fieldsGrid } from './coordinate-inputs.ts';
import { type FoundGrid, findGrid } from './find-grid.ts';
import { globalPlaces } from './global-places.ts';
import {
  type AxesGrid,
  type RegridMethod,
  type RegridParameters,
  samePole,
  weighsAreas,
} from './parameters.ts';
import { type TargetGrid, targetGrid } from './target.ts';

/** How a field goes from one grid to another. */
interface Regridding {
  field: Field;
  source: FoundGrid;
  target: TargetGrid;
  method: RegridMethod;
  tolerated: number;
}

/** Along latitudes and longitudes; planes of second order are no products of what is along each. */
const axisMethods: Partial<Record<RegridMethod, [AxisMethod, AxisMethod]>> = {
  nearest: ['nearest', 'nearest'],
  bilinear: ['linear', 'linear'],
  conservative: ['latitude cells', 'cells'],
};

/** Values on another horizontal grid, which comes in the place of the own one. */
export const inferRegrid: Infer = async (context, given) => {
  const field = given.field('x');
  assertNumeric(context.table.nodes[field.node], given.operation);
  const method = (given.text('method') ?? 'bilinear') as RegridMethod;
  const source = await findGrid(context, given.operation, field);
  const target = await targetGrid(context, given, source);
  const regridding = { field, source, target, method, tolerated: toleratedPart(given, method) };
  checkGrids(context, regridding);
  const alongAxes =
    source.axes && target.axes && samePole(source.axes, target.axes) ? axisMethods[method] : undefined;
  const node = alongAxes
    ? addAlongAxes(context, regridding, alongAxes)
    : await addTogether(context, regridding);
  const kept = field.coordinates.filter(({ dimensions }) =>
    dimensions.every((name) => !source.dimensions.includes(name)),
  );
  const made = [...target.coordinates, ...globalPlaces(target)];
  const isMade = ({ name }: FieldCoordinate) => made.some((each) => each.name === name);
  return { ...field, node, coordinates: [...kept.filter((each) => !isMade(each)), ...made] };
};

function toleratedPart(given: Arguments, method: RegridMethod): number {
  const mdtol = given.number('mdtol');
  if (mdtol !== undefined && !weighsAreas(method))
    throw invalid(
      'mdtol of "regrid" is the missing part of a cell, which only method=conservative and conservative2 have',
    );
  if (mdtol !== undefined && !(mdtol >= 0 && mdtol <= 1))
    throw invalid(`mdtol=${mdtol} of "regrid": expected a part from 0 to 1`);
  return mdtol ?? (weighsAreas(method) ? 1 : 0);
}

function checkGrids({ table }: InferContext, { field, source, target, method }: Regridding): void {
  const others = table.nodes[field.node].dimensions.filter((name) => !source.dimensions.includes(name));
  const twice = target.dimensions.find((name) => others.includes(name));
  if (twice !== undefined)
    throw invalid(`"regrid": the grid has a dimension "${twice}", which the array has for something else`);
  if (method === 'bilinear' && source.axes === undefined && source.dimensions.length === 1)
    throw invalid(
      '"regrid": points along one dimension have no neighbours to be bilinear between; use method=nearest, or conservative where they have bounds',
    );
  const isPoint = ({ axes, extents }: FoundGrid) =>
    axes !== undefined && extents.some((extent, i) => extent === 1 && !boundsOf(axes, i));
  if (weighsAreas(method) && (isPoint(source) || isPoint(target)))
    throw invalid(`"regrid": one latitude or longitude without bounds has no cell for method=${method}`);
}

function boundsOf({ latitude, longitude }: AxesGrid, axis: number): readonly number[] | undefined {
  return [latitude, longitude][axis].bounds;
}

/** Between axes of one globe, one dimension after the other. */
function addAlongAxes(
  { table }: InferContext,
  regridding: Regridding,
  methods: [AxisMethod, AxisMethod],
): number {
  const { field, source, target, method, tolerated } = regridding;
  const node = table.nodes[field.node];
  const [from, to] = [source.axes!, target.axes!];
  const parameters: InterpolateParameters = {
    axes: [
      {
        ...{ from: source.dimensions[0], to: target.dimensions[0] },
        ...{ source: from.latitude, target: to.latitude, method: methods[0], holds: true },
      },
      {
        ...{ from: source.dimensions[1], to: target.dimensions[1] },
        ...{ source: from.longitude, target: to.longitude, method: methods[1] },
      },
    ],
    tolerated,
  };
  const place = (name: string) => source.dimensions.indexOf(name);
  return addOperation(table, 'interpolate', [field.node], parameters, {
    dtype: interpolatedType(node.dtype as NumericType, method === 'nearest'),
    dimensions: node.dimensions.map((name) => target.dimensions[place(name)] ?? name),
    shape: node.dimensions.map((name, axis) => target.extents[place(name)] ?? node.shape[axis]),
  });
}

/** Between any grids, point by point. */
async function addTogether(context: InferContext, regridding: Regridding): Promise<number> {
  const { field, source, target, method, tolerated } = regridding;
  const { table } = context;
  const node = table.nodes[field.node];
  const inputs = [field.node];
  const from = source.axes ?? (await fieldsGrid(context, source, inputs, method));
  const to = target.axes ?? (await fieldsGrid(context, target, inputs, method));
  const parameters: RegridParameters = {
    order: node.dimensions,
    source: { dimensions: source.dimensions, grid: from },
    target: { dimensions: target.dimensions, grid: to },
    along: [],
    method,
    tolerated,
  };
  const first = Math.min(...source.dimensions.map((name) => node.dimensions.indexOf(name)));
  const stays = (axis: number) => !source.dimensions.includes(node.dimensions[axis]);
  const axes = [...node.dimensions.keys()].filter(stays);
  const before = axes.filter((axis) => axis < first);
  const after = axes.filter((axis) => axis > first);
  const name = method === 'conservative2' ? 'regrid-second-order' : 'regrid';
  return addOperation(table, name, inputs, parameters, {
    dtype: interpolatedType(node.dtype as NumericType, method === 'nearest'),
    dimensions: [
      ...before.map((axis) => node.dimensions[axis]),
      ...target.dimensions,
      ...after.map((axis) => node.dimensions[axis]),
    ],
    shape: [
      ...before.map((axis) => node.shape[axis]),
      ...target.extents,
      ...after.map((axis) => node.shape[axis]),
    ],
  });
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
