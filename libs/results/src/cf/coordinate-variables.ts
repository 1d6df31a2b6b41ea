import type { MaskedArray } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { ResultCoordinate, ResultHead } from '../result.ts';
import { sameCoordinate } from '../same-coordinate.ts';
import type { KnownVariable } from './file-definition.ts';
import { fillMissing } from './fill.ts';
import { netcdfName } from './netcdf-name.ts';
import { textAttribute } from './text-attribute.ts';
import type { UniqueNames } from './unique-names.ts';

interface FileDimension {
  name: string;
  /** What it would be called if no other was. */
  wanted: string;
  length: number;
  /** The coordinate that gives it its values. */
  coordinate: ResultCoordinate | undefined;
}

/** Dimensions and coordinates of a file, those that results share once. */
export class CoordinateVariables {
  readonly variables: KnownVariable[] = [];
  readonly #names: UniqueNames;
  readonly #dimensions: FileDimension[] = [];
  readonly #placed: { coordinate: ResultCoordinate; dimensions: readonly string[]; name: string }[] = [];

  constructor(names: UniqueNames) {
    this.#names = names;
  }

  dimensions(): { name: string; length: number }[] {
    return this.#dimensions.map(({ name, length }) => ({ name, length }));
  }

  /** Name in the file of a dimension of a result: of one with the same name, length and values, or a new one. */
  dimension(head: ResultHead, axis: number): string {
    const own = head.dimensions[axis];
    const coordinate = head.coordinates.find(
      ({ name, dimensions }) => name === own && dimensions.length === 1 && dimensions[0] === own,
    );
    return this.#dimension(netcdfName(own), head.shape[axis], coordinate);
  }

  /** Name in the file of a coordinate. `names` has those of its dimensions. */
  place(coordinate: ResultCoordinate, names: ReadonlyMap<string, string>): string {
    const dimensions = coordinate.dimensions.map((own) => names.get(own) ?? netcdfName(own));
    const same = this.#placed.find(
      (each) => sameTexts(each.dimensions, dimensions) && sameCoordinate(each.coordinate, coordinate),
    );
    if (same !== undefined) return same.name;
    const isOfDimension = coordinate.dimensions.length === 1 && coordinate.dimensions[0] === coordinate.name;
    const name = isOfDimension ? dimensions[0] : this.#names.take(netcdfName(coordinate.name));
    const bounds = coordinate.bounds && this.#bounds(name, dimensions, coordinate.bounds);
    const attributes = [
      ...text('standard_name', coordinate.standardName),
      ...text('long_name', coordinate.longName ?? ''),
      ...text('units', coordinate.units),
      ...text('calendar', coordinate.calendar),
      ...text('axis', coordinate.axis),
      ...text('positive', coordinate.positive ?? ''),
      ...text(coordinate.climatology ? 'climatology' : 'bounds', bounds?.name ?? ''),
    ];
    this.variables.push(known(name, dimensions, coordinate, attributes));
    if (bounds !== undefined) this.variables.push(bounds);
    this.#placed.push({ coordinate, dimensions, name });
    return name;
  }

  #bounds(name: string, dimensions: readonly string[], bounds: MaskedArray): KnownVariable {
    const vertices = bounds.shape[bounds.shape.length - 1];
    const wanted = vertices === 2 ? 'bnds' : `vertices_${vertices}`;
    const dimension = this.#dimension(wanted, vertices, undefined);
    return known(this.#names.take(`${name}_bnds`), [...dimensions, dimension], bounds, []);
  }

  #dimension(wanted: string, length: number, coordinate: ResultCoordinate | undefined): string {
    const same = this.#dimensions.find(
      (each) =>
        each.wanted === wanted && each.length === length && sameCoordinate(each.coordinate, coordinate),
    );
    if (same !== undefined) return same.name;
    const name = this.#names.take(wanted);
    this.#dimensions.push({ name, wanted, length, coordinate });
    return name;
  }
}

function known(
  name: string,
  dimensions: string[],
  array: MaskedArray,
  attributes: Attribute[],
): KnownVariable {
  const filled = fillMissing(array);
  return {
    name,
    dtype: array.dtype,
    dimensions,
    attributes: [...attributes, ...filled.attributes],
    values: filled.values,
  };
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

function text(name: string, value: string): Attribute[] {
  return value === '' ? [] : [textAttribute(name, value)];
}
