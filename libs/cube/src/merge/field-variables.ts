import {
  allocateValues,
  type DataType,
  isBigInt,
  type MaskedArray,
  type NumberArray,
} from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { FieldCoordinate, FieldSet, IndexedVariable } from '@hyperslab/proto/index';
import { arrayBlock } from '../array-block.ts';
import { attributeOfText, textAttribute } from '../cf/attributes.ts';
import type { FieldScope, FileVariables } from '../cf/file-variables.ts';
import { joinPath, withoutMadeUp } from '../cf/names.ts';

/** A scalar coordinate of fields, or its bounds, with a value for each field. */
interface FieldColumn {
  /** Without groups that a reader made up: fields of all grids and kinds of level share their time. */
  path: string;
  /** Values of a field as a variable. */
  variable(field: number): IndexedVariable;
  /** Equal for fields of equal values. */
  key(field: number): number | string;
}

/** A field as if it were alone in its file: with the grid's variables, and its place as scalar coordinates. */
export interface LoneField {
  path: string;
  file: FileVariables;
  columns: FieldColumn[];
}

/** The first field of a set, alone in a file; its other fields differ in their columns only. */
export function loneField(scope: FieldScope, set: FieldSet): LoneField {
  const path = joinPath(scope.path, set.variable!.name);
  const columns = set.coordinates.flatMap((coordinate) => columnsOf(scope.path, coordinate));
  const variables = new Map(scope.variables);
  for (const column of columns) variables.set(column.path, column.variable(0));
  variables.set(path, withCoordinates(set.variable!, columns));
  return { path, file: { variables, unlimited: new Set(), attributes: [] }, columns };
}

function columnsOf(group: string, { variable, values, texts, bounds }: FieldCoordinate): FieldColumn[] {
  const path = withoutMadeUp(joinPath(group, variable!.name));
  const { name, dtype } = variable!;
  const known = variable!.attributes.filter((attribute) => attribute.name !== 'bounds');
  const scalar = (attributes: Attribute[], array: MaskedArray, dimensions: string[]): IndexedVariable => ({
    ...variable!,
    attributes,
    dimensions,
    shape: array.shape,
    inlineValues: arrayBlock(array),
  });
  if (texts.length > 0) {
    const text = (field: number): MaskedArray => ({ dtype: 'string', shape: [], values: [texts[field]] });
    return [{ path, variable: (field) => scalar(known, text(field), []), key: (field) => texts[field] }];
  }
  const attributes = bounds.length === 0 ? known : [...known, attributeOfText('bounds', `${name}_bnds`)];
  const coordinate: FieldColumn = {
    path,
    variable: (field) => scalar(attributes, numbers(dtype, [], [values[field]]), []),
    key: (field) => values[field],
  };
  if (bounds.length === 0) return [coordinate];
  const ends = (field: number) => bounds.slice(2 * field, 2 * field + 2);
  return [
    coordinate,
    {
      path: `${path}_bnds`,
      variable: (field) => ({
        ...scalar([], numbers(dtype, [2], ends(field)), ['/bnds']),
        name: `${name}_bnds`,
      }),
      key: (field) => `${bounds[2 * field]} ${bounds[2 * field + 1]}`,
    },
  ];
}

/** The field's variable, naming its scalar coordinates beside those of its grid. */
function withCoordinates(variable: IndexedVariable, columns: readonly FieldColumn[]): IndexedVariable {
  const own = textAttribute(variable.attributes, 'coordinates');
  const names = [...(own === undefined ? [] : [own]), ...columns.map(({ path }) => path)];
  const others = variable.attributes.filter(({ name }) => name !== 'coordinates');
  return { ...variable, attributes: [...others, attributeOfText('coordinates', names.join(' '))] };
}

function numbers(dtype: string, shape: number[], values: readonly number[]): MaskedArray {
  const array = allocateValues(dtype, values.length);
  if (isBigInt(dtype)) (array as BigInt64Array).set(values.map((value) => BigInt(value)));
  else (array as NumberArray).set(values);
  return { dtype: dtype as DataType, shape, values: array };
}
