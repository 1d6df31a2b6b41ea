import { type Coordinate, CoordinateRole, type Cube, type Dataset } from '@hyperslab/proto/cube';
import { formatAttribute } from './format-attribute.ts';
import { formatCoordinateValues } from './format-values.ts';

const indent = '    ';

/**
 * A cube as text, as Iris prints it: name, units and dimensions; which coordinate lies along which dimension (`x`);
 * scalar coordinates with their values; attributes.
 */
export function cubeSummary(dataset: Dataset, cube: Cube): string {
  const title = `${cube.standardName || cube.longName || cube.name} / (${cube.units || 'unknown'}) `;
  const names = [...cube.coordinates.map(coordinateName), ...cube.attributes.map(({ name }) => name)];
  const left = Math.max(title.length, ...names.map((name) => name.length + 2 * indent.length + 2));
  const sizes = cube.dimensions.map((name, i) => `${name}: ${cube.shape[i]}`);
  const rows = (role: Coordinate['role']) =>
    cube.coordinates
      .filter((coordinate) => coordinate.role === role)
      .map((coordinate) => {
        const spans = (i: number) => (coordinate.dimensions.includes(cube.dimensions[i]) ? 'x' : '-');
        const marks = sizes.map((size, i) => spans(i).padEnd(size.length + 2)).join('');
        return [coordinateName(coordinate), ` ${marks}`] as const;
      });
  const section = (heading: string, lines: readonly (readonly [string, string])[]) => [
    ...(lines.length === 0 ? [] : [`${indent}${heading}:`]),
    ...lines.map(([name, value]) => `${`${indent}${indent}${name}`.padEnd(left)}${value}`.trimEnd()),
  ];
  const alone = (text: string) => (text === '' ? [] : [[text, ''] as const]);
  return [
    `${title.padEnd(left)}(${sizes.join('; ') || 'scalar'})`,
    ...section('Dimension coordinates', rows(CoordinateRole.COORDINATE_ROLE_DIMENSION)),
    ...section('Auxiliary coordinates', rows(CoordinateRole.COORDINATE_ROLE_AUXILIARY)),
    ...section('Scalar coordinates', scalarRows(dataset, cube)),
    ...section('Cell methods', alone(cube.cellMethods)),
    ...section('Grid mapping', alone(cube.gridMapping)),
    ...section(
      'Attributes',
      cube.attributes.map((attribute) => [attribute.name, formatAttribute(attribute)]),
    ),
  ].join('\n');
}

function coordinateName({ standardName, variable }: Coordinate): string {
  return standardName === '' || standardName === variable ? variable : `${variable} (${standardName})`;
}

function scalarRows(dataset: Dataset, cube: Cube): [string, string][] {
  const scalars = cube.coordinates.filter(({ role }) => role === CoordinateRole.COORDINATE_ROLE_SCALAR);
  return scalars.map((coordinate) => {
    const variable = dataset.variables.find(({ name }) => name === coordinate.variable);
    const value = variable === undefined ? '' : formatCoordinateValues(variable, coordinate);
    const units = value === '' || coordinate.calendar !== '' ? '' : ` ${coordinate.units}`;
    return [coordinateName(coordinate), `${value}${units}`.trimEnd()];
  });
}
