import { boundsAttributes } from '@hyperslab/cube';
import type { Attribute } from '@hyperslab/proto/array';
import type { Coordinate, Dataset, Variable } from '@hyperslab/proto/cube';
import { CoordinateRole } from '@hyperslab/proto/cube';
import { attributesOfValues, textOf } from './attributes.ts';
import { isReading } from './convert-field.ts';
import { storedData } from './coordinate-data.ts';
import type { Field, FieldCoordinate } from './field.ts';
import { gridMappingOf, withGridMapping } from './grid-mapping.ts';

/** A variable with its coordinates: a cube's own, or for another variable those of its dimensions. */
export function sourceField(dataset: Dataset, variable: Variable, node: number): Field {
  const cube = dataset.cubes.find(({ name }) => name === variable.name);
  const coordinates = cube?.coordinates ?? coordinatesOfDimensions(dataset, variable);
  const gridMapping = gridMappingOf(dataset, cube?.gridMapping ?? '');
  const attributes = attributesOf(dataset, variable);
  const text = (name: string) => textOf(attributes, name);
  return {
    node,
    name: variable.name,
    units: text('units') || (cube?.units ?? ''),
    attributes: attributesOfValues(attributes),
    coordinates: coordinates.flatMap((coordinate) =>
      fieldCoordinate(dataset, variable, coordinate).map((each) => withGridMapping(each, gridMapping)),
    ),
    isReading: isReading({
      standardName: text('standard_name'),
      longName: text('long_name'),
      cellMethods: text('cell_methods'),
      unitsMetadata: text('units_metadata'),
    }),
  };
}

/** Of bounds, with what they take from their coordinate: often they have none of their own. */
function attributesOf({ cubes, variables }: Dataset, { name, attributes }: Variable): Attribute[] {
  for (const { coordinates } of cubes) {
    const coordinate = coordinates.find(({ bounds }) => bounds === name);
    const parent = coordinate && variables.find((each) => each.name === coordinate.variable);
    if (parent !== undefined) return boundsAttributes(attributes, parent.attributes);
  }
  return attributes;
}

function fieldCoordinate(dataset: Dataset, of: Variable, coordinate: Coordinate): FieldCoordinate[] {
  const named = (name: string) =>
    dataset.variables.find((variable) => variable.name === name && variable.notComputable === '');
  const variable = named(coordinate.variable);
  if (variable === undefined) return [];
  const bounds = named(coordinate.bounds);
  return [
    {
      name: coordinate.variable,
      standardName: coordinate.standardName,
      units: coordinate.units,
      calendar: coordinate.calendar,
      axis: coordinate.axis,
      longName: textOf(variable.attributes, 'long_name'),
      positive: textOf(variable.attributes, 'positive'),
      dimensions: coordinate.dimensions.filter((name) => of.dimensions.includes(name)),
      isDimension: coordinate.role === CoordinateRole.COORDINATE_ROLE_DIMENSION,
      values: storedData(dataset, variable),
      bounds: bounds === undefined ? undefined : storedData(dataset, bounds),
      climatology: textOf(variable.attributes, 'climatology') !== '',
    },
  ];
}

function coordinatesOfDimensions(dataset: Dataset, variable: Variable): Coordinate[] {
  const known = dataset.cubes.flatMap((cube) => cube.coordinates);
  return variable.dimensions.flatMap((dimension) => {
    const isOf = ({ role, dimensions }: Coordinate) =>
      role === CoordinateRole.COORDINATE_ROLE_DIMENSION && dimensions[0] === dimension;
    const coordinate = known.find(isOf) ?? coordinateNamed(dataset, dimension);
    return coordinate === undefined ? [] : [coordinate];
  });
}

function coordinateNamed(dataset: Dataset, name: string): Coordinate | undefined {
  const variable = dataset.variables.find((each) => each.name === name);
  if (variable === undefined || variable.dimensions.length !== 1 || variable.dimensions[0] !== name)
    return undefined;
  return {
    variable: name,
    role: CoordinateRole.COORDINATE_ROLE_DIMENSION,
    dimensions: [name],
    standardName: textOf(variable.attributes, 'standard_name'),
    units: textOf(variable.attributes, 'units'),
    calendar: textOf(variable.attributes, 'calendar'),
    bounds: textOf(variable.attributes, 'bounds'),
    axis: textOf(variable.attributes, 'axis'),
  };
}
