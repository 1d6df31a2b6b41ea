import type { DataType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Values } from '@hyperslab/netcdf-writer';
import type { Attribute } from '@hyperslab/proto/array';
import type { ResultCoordinate, ResultHead } from '../result.ts';
import { CoordinateVariables } from './coordinate-variables.ts';
import { GridMappingVariables } from './grid-mapping-variables.ts';
import { netcdfName } from './netcdf-name.ts';
import { textAttribute } from './text-attribute.ts';
import { UniqueNames } from './unique-names.ts';

/** CF conventions that files follow. */
const conventions = 'CF-1.11';

/** Attributes that the file says in its own way. */
const replaced = new Set(['units', 'coordinates', '_FillValue', 'cell_methods', 'grid_mapping']);

/** A variable of a file. */
export interface FileVariable {
  name: string;
  dtype: DataType;
  dimensions: string[];
  attributes: Attribute[];
}

/** A coordinate, its bounds or a grid mapping: small, and known from the beginning. */
export interface KnownVariable extends FileVariable {
  values: Values;
}

/** A CF file of one or more results: what they share is in it once. */
export interface FileDefinition {
  dimensions: { name: string; length: number }[];
  attributes: Attribute[];
  known: KnownVariable[];
  /** One for each result, in their order. */
  results: (FileVariable & { shape: readonly number[] })[];
}

/** A result and what it is to be called; by its own name when that is not said. */
export interface NamedHead {
  name?: string | undefined;
  head: ResultHead;
}

/**
 * Lays results out as the variables of one file. Dimensions and coordinates of one name that are equal are shared; where they
 * differ, the later ones get a number.
 * @param history a line for each thing that was done, latest first
 * @throws HyperslabError INVALID_ARGUMENT when two results are to have one name
 */
export function defineFile(heads: readonly NamedHead[], history: readonly string[]): FileDefinition {
  const names = new UniqueNames();
  const coordinates = new CoordinateVariables(names);
  const mappings = new GridMappingVariables(names);
  const placed = heads.map(({ head }) => head.dimensions.map((_, axis) => coordinates.dimension(head, axis)));
  const wanted = heads.map(({ name, head }) => netcdfName(name ?? head.name));
  refuseDoubles(heads, wanted);
  // Before those of coordinates: what results are called must not depend on values, which workers that write chunks don't know.
  const own = wanted.map((name) => names.take(name));
  const results = heads.map(({ head }, i) => {
    const dimensions = placed[i];
    const ofDimensions = new Map(head.dimensions.map((name, axis) => [name, dimensions[axis]]));
    const renamed = new Map(ofDimensions);
    const auxiliary = head.coordinates.flatMap((coordinate) => {
      const name = coordinates.place(coordinate, ofDimensions);
      if (!renamed.has(coordinate.name)) renamed.set(coordinate.name, name);
      return isDimensionCoordinate(coordinate) ? [] : [name];
    });
    const name = own[i];
    const mapping = head.gridMapping && mappings.place(head.gridMapping);
    return {
      name,
      dtype: head.dtype,
      shape: head.shape,
      dimensions,
      attributes: [
        ...attributesOf(head, name, auxiliary, renamed),
        ...(mapping === undefined ? [] : [textAttribute('grid_mapping', mapping)]),
      ],
    };
  });
  return {
    dimensions: coordinates.dimensions(),
    attributes: [
      textAttribute('Conventions', conventions),
      ...(history.length > 0 ? [textAttribute('history', history.join('\n'))] : []),
    ],
    known: [...coordinates.variables, ...mappings.variables],
    results,
  };
}

/**
 * Whether readers find it by its name, as the coordinate of its dimension. Texts are listed (CF section 6.1): coordinate variables are
 * numbers, and those of characters have a dimension more.
 */
function isDimensionCoordinate({ name, dimensions, dtype }: ResultCoordinate): boolean {
  return dimensions.length === 1 && dimensions[0] === name && dtype !== 'string';
}

function attributesOf(
  head: ResultHead,
  name: string,
  auxiliary: readonly string[],
  renamed: ReadonlyMap<string, string>,
): Attribute[] {
  const methods = head.attributes.find((each) => each.name === 'cell_methods')?.strings[0] ?? '';
  const isNamed = name === head.name || head.attributes.some((each) => each.name === 'long_name');
  return [
    ...head.attributes.filter((each) => !replaced.has(each.name)),
    ...(isNamed ? [] : [textAttribute('long_name', head.name)]),
    ...(head.units === '' ? [] : [textAttribute('units', head.units)]),
    ...(methods === '' ? [] : [textAttribute('cell_methods', methodsOf(methods, renamed))]),
    ...(auxiliary.length === 0 ? [] : [textAttribute('coordinates', auxiliary.join(' '))]),
  ];
}

/** Names in cell methods are those of the file (CF section 7.3: "name: method"). */
function methodsOf(text: string, renamed: ReadonlyMap<string, string>): string {
  return text.replaceAll(/(^|\s)(\S+):(?=\s)/g, (whole, before, name) =>
    renamed.has(name) ? `${before}${renamed.get(name)}:` : whole,
  );
}

function refuseDoubles(heads: readonly NamedHead[], wanted: readonly string[]): void {
  for (const [i, name] of wanted.entries()) {
    const first = wanted.indexOf(name);
    if (first === i) continue;
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `"${heads[first].head.name}" and "${heads[i].head.name}" would both be variable "${name}" of the file; name one of them, as in NAME=EXPRESSION`,
      { variable: name },
    );
  }
}
