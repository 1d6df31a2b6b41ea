import { type Dataset, findCube } from '@hyperslab/client';
import type { Attribute } from '@hyperslab/proto/array';
import { type Coordinate, CoordinateRole, type Cube } from '@hyperslab/proto/cube';
import { coordinateTexts, isTime } from './coordinate-text.ts';
import { dimensionLabels } from './dimension.ts';
import { gridOf } from './grid.ts';
import type { AttributeText, DimensionView, ParameterLine, ParameterView } from './messages.ts';
import { describePieces } from './pieces.ts';

/** A slider with more indices than this is labelled by what the slice answers. */
const mostLabels = 2_000;

/** A parameter for the page: what it is, its dimensions with the labels of their sliders, and what it was merged from. */
export async function describeParameter(
  dataset: Dataset,
  name: string,
  signal: AbortSignal,
): Promise<ParameterView> {
  const cube = findCube(dataset.metadata, name);
  const grid = gridOf(dataset.metadata, cube);
  const dimensions = await Promise.all(
    cube.dimensions.map((dimension, axis) => describeDimension(dataset, cube, axis, dimension, signal)),
  );
  return {
    dataset: dataset.reference,
    ...describeCube(dataset, cube),
    dimensions,
    grid: grid && { rows: grid.rows, columns: grid.columns, kind: grid.place.kind },
    scalars: await scalarTexts(dataset, cube, signal),
    attributes: cube.attributes.map(attributeText),
    pieces: describePieces(dataset.metadata, cube),
  };
}

/** An attribute as text. */
export function attributeText({ name, strings, numbers, integers }: Attribute): AttributeText {
  return { name, text: [...strings, ...numbers, ...integers].join(', ') };
}

/** What the picker shows of a parameter. */
export function describeCube(dataset: Dataset, cube: Cube): ParameterLine {
  const variable = dataset.metadata.variables.find(({ name }) => name === cube.name);
  return {
    name: cube.name,
    standardName: cube.standardName,
    longName: cube.longName,
    units: cube.units,
    dtype: cube.dtype,
    cellMethods: cube.cellMethods,
    sizes: cube.dimensions.map((dimension, axis) => ({ dimension, size: cube.shape[axis] })),
    notComputable: variable?.notComputable ?? '',
  };
}

async function describeDimension(
  dataset: Dataset,
  cube: Cube,
  axis: number,
  name: string,
  signal: AbortSignal,
): Promise<DimensionView> {
  const size = cube.shape[axis];
  const described = { name, size, units: '', isTime: false, label: name, axis: '', texts: [] };
  const labels = await dimensionLabels(dataset, cube, axis, signal);
  if (labels === undefined) return described;
  const { coordinate, values } = labels;
  const text = coordinateTexts(values, coordinate);
  return {
    ...described,
    ...unitsOf(coordinate),
    label: coordinate.variable,
    axis: coordinate.axis,
    texts: size <= mostLabels ? Array.from({ length: size }, (_, i) => text(i)) : [],
  };
}

function unitsOf(coordinate: Coordinate) {
  const ofTime = isTime(coordinate);
  return { isTime: ofTime, units: ofTime || coordinate.units === '1' ? '' : coordinate.units };
}

async function scalarTexts(dataset: Dataset, cube: Cube, signal: AbortSignal) {
  const scalars = cube.coordinates.filter(({ role }) => role === CoordinateRole.COORDINATE_ROLE_SCALAR);
  return Promise.all(
    scalars.map(async (coordinate) => {
      const { variable: name } = coordinate;
      const variable = dataset.metadata.variables.find((each) => each.name === name);
      if (variable === undefined || variable.shape.length > 0 || variable.notComputable !== '')
        return { name, text: '', units: '' };
      const values = await dataset.read(name, [], { signal });
      return { name, text: coordinateTexts(values, coordinate)(0), units: unitsOf(coordinate).units };
    }),
  );
}
