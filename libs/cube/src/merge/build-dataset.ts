import type { Coordinate, Cube, Dataset, Variable } from '@hyperslab/proto/cube';
import { CoordinateRole } from '@hyperslab/proto/cube';
import { textAttribute } from '../cf/attributes.ts';
import { axisOf } from '../cf/axis.ts';
import { calendarNamed } from '../cf/calendar.ts';
import { publicName, variableNames } from '../cf/names.ts';
import { packingAttributes } from '../cf/packing.ts';
import { parseTimeUnits } from '../cf/time-units.ts';
import type { ManifestBuilder } from '../manifest/manifest-builder.ts';
import { inlineSize } from './assemble-values.ts';
import type { PieceCollection } from './collect-pieces.ts';
import { type CoordinateRange, extentOf, rangeOfValues } from './extent.ts';
import type { LocateContext } from './locate-pieces.ts';
import { ManifestObjects } from './manifest-objects.ts';
import type { MergedCube } from './merge-groups.ts';
import type { MergedLink, MergedVariable } from './merged-variable.ts';
import { dimensionNames, NameTable } from './name-table.ts';
import { monotonicRun } from './order-axis.ts';
import { writeVariable } from './write-variable.ts';

/**
 * Largest values that lie in a dataset itself, and how many bytes of them all in all: it must stay small to open. Texts,
 * which can lie nowhere else, have room of their own.
 */
const inlineLimit = { one: 64 * 1024, all: 1.25 * 1024 * 1024, texts: 512 * 1024 };

/** Turns merged variables into the message: names, values, roles. */
export class DatasetBuilder {
  readonly #collection: PieceCollection;
  readonly #context: LocateContext;
  readonly #dimensions = new NameTable();
  readonly #names = new NameTable();
  readonly #merged = new Map<string, MergedVariable>();
  /** Names of dimensions of merged variables, by variable key. */
  readonly #dimensionsOf = new Map<string, string[]>();

  constructor(collection: PieceCollection, builder: ManifestBuilder) {
    this.#collection = collection;
    this.#context = {
      contents: collection.contents,
      files: collection.files,
      chunks: collection.chunks,
      builder,
      objects: new ManifestObjects(collection.files, builder),
    };
  }

  /** Variables and cubes, in the order of the files; cubes that share a name in order of shape. */
  build(cubes: readonly MergedCube[]): Pick<Dataset, 'variables' | 'cubes'> {
    const ordered = orderedByShape(cubes);
    for (const cube of ordered) this.#nameCube(cube);
    for (const { links } of ordered) for (const link of links) this.#nameLink(link);
    const described = ordered.filter(({ isField }) => isField).map((cube) => this.#cube(cube));
    return { variables: this.#writeVariables(), cubes: described };
  }

  #nameCube({ field, links }: MergedCube): void {
    const dimensions = field.dimensions.map((dimension) => {
      const coordinate = links.find(
        ({ role, leads, path }) => (role === 'dimension' || leads) && path === dimension.path,
      );
      return this.#dimensionName(dimension, coordinate?.merged.key ?? '');
    });
    const local = new Map(field.dimensions.map(({ path }, d) => [path, dimensions[d]]));
    this.#add(field, dimensions, variableNames(field.path));
    for (const { merged } of links) {
      const names = merged.dimensions.map(
        (dimension) => local.get(dimension.path) ?? this.#dimensionName(dimension, ''),
      );
      this.#dimensionsOf.set(merged.key, names);
    }
  }

  #dimensionName({ path, size }: { path: string; size: number }, coordinate: string): string {
    return this.#dimensions.nameFor(`${path}\n${size}\n${coordinate}`, dimensionNames(path));
  }

  #nameLink({ merged, role, leads, path }: MergedLink): void {
    const dimensions = this.#dimensionsOf.get(merged.key)!;
    const plain = publicName(path);
    // A dimension that got a number shares it with its coordinate.
    const number = role === 'dimension' || leads ? /__\d+$/.exec(dimensions[0])?.[0] : undefined;
    this.#add(merged, dimensions, number === undefined ? [plain] : [`${plain}${number}`, plain]);
  }

  #add(merged: MergedVariable, dimensions: string[], wanted: string[]): void {
    this.#names.nameFor(merged.key, wanted);
    this.#dimensionsOf.set(merged.key, dimensions);
    this.#merged.set(merged.key, merged);
  }

  #nameOf(merged: MergedVariable): string {
    return this.#names.get(merged.key)!;
  }

  #writeVariables(): Variable[] {
    const all = [...this.#merged.values()];
    const sizes = new Map(all.map((merged) => [merged, inlineSize(merged, this.#collection.contents)]));
    const isText = ({ dtype }: MergedVariable) => dtype === 'string';
    const numbers = all.filter(
      (merged) => !isText(merged) && (sizes.get(merged) ?? Infinity) <= inlineLimit.one,
    );
    const inline = new Set([
      ...smallest(numbers, sizes, inlineLimit.all),
      ...smallest(all.filter(isText), sizes, inlineLimit.texts),
    ]);
    return all.map((merged) => {
      const names = { name: this.#nameOf(merged), dimensions: this.#dimensionsOf.get(merged.key)! };
      const notHeld = `its strings take ${sizes.get(merged) ?? 'too many'} bytes, and a dataset holds up to ${inlineLimit.texts} bytes of strings, the smallest variables first; read them from the files`;
      return writeVariable(merged, names, { inline: inline.has(merged), notHeld }, this.#context);
    });
  }

  #cube({ field, links }: MergedCube): Cube {
    const { attributes } = field;
    const dimensions = this.#dimensionsOf.get(field.key)!;
    const coordinates = this.#coordinates(links, dimensions);
    const mapping = links.find(({ role }) => role === 'grid_mapping');
    return {
      name: this.#nameOf(field),
      standardName: textAttribute(attributes, 'standard_name') ?? '',
      longName: textAttribute(attributes, 'long_name') ?? '',
      units: textAttribute(attributes, 'units') ?? '',
      dtype: field.dtype,
      dimensions,
      shape: field.dimensions.map(({ size }) => size),
      coordinates,
      cellMethods: textAttribute(attributes, 'cell_methods') ?? '',
      gridMapping: mapping === undefined ? '' : this.#nameOf(mapping.merged),
      attributes: attributes.filter(({ name }) => !stated.has(name) && !packingAttributes.has(name)),
      pieces: field.pieces.filter(({ absent }) => !absent).length,
      extent: extentOf(coordinates, (coordinate) => this.#rangeOf(coordinate, links)),
    };
  }

  #coordinates(links: readonly MergedLink[], dimensions: readonly string[]): Coordinate[] {
    const own = links.filter(({ role }) => role === 'dimension' || role === 'auxiliary');
    const coordinates = own.map((link) => this.#coordinate(link, links));
    const runs = (coordinate: number) => this.#isMonotonic(own[coordinate].merged);
    for (const dimension of dimensions) {
      const along = coordinates.flatMap((coordinate, i) =>
        coordinate.dimensions.length === 1 && coordinate.dimensions[0] === dimension ? [i] : [],
      );
      const named = along.find((i) => own[i].role === 'dimension' || own[i].leads);
      if (named !== undefined && runs(named)) {
        coordinates[named].role = CoordinateRole.COORDINATE_ROLE_DIMENSION;
        continue;
      }
      // Where the coordinate of the dimension's name tells nothing (a counter that is 0 in all files), time does.
      const time = along.find((i) => i !== named && coordinates[i].axis === 'T' && runs(i));
      if (time !== undefined) coordinates[time].role = CoordinateRole.COORDINATE_ROLE_DIMENSION;
    }
    const place = ({ role, dimensions: [first] }: Coordinate) =>
      role === CoordinateRole.COORDINATE_ROLE_DIMENSION
        ? dimensions.indexOf(first)
        : role === CoordinateRole.COORDINATE_ROLE_AUXILIARY
          ? dimensions.length
          : dimensions.length + 1;
    return coordinates.sort((a, b) => place(a) - place(b));
  }

  #coordinate({ merged, path }: MergedLink, links: readonly MergedLink[]): Coordinate {
    const { attributes } = merged;
    const bounds = links.find(({ role, parent }) => role === 'bounds' && parent === path);
    const units = textAttribute(attributes, 'units') ?? '';
    const calendar = textAttribute(attributes, 'calendar');
    const time = parseTimeUnits(units, calendar);
    const dimensions = this.#dimensionsOf.get(merged.key)!;
    const spanned = merged.dtype === 'char' ? dimensions.slice(0, -1) : dimensions;
    return {
      variable: this.#nameOf(merged),
      role:
        spanned.length === 0
          ? CoordinateRole.COORDINATE_ROLE_SCALAR
          : CoordinateRole.COORDINATE_ROLE_AUXILIARY,
      dimensions: spanned,
      standardName: textAttribute(attributes, 'standard_name') ?? '',
      units,
      calendar: time?.calendar ?? (/ since /.test(units) ? (calendarNamed(calendar) ?? calendar ?? '') : ''),
      bounds: bounds === undefined ? '' : this.#nameOf(bounds.merged),
      axis: axisOf(attributes),
    };
  }

  /** Whether values run up or down without a repeat, also where there are none yet; what is too large to be looked at is taken to. */
  #isMonotonic({ pieces, dtype }: MergedVariable): boolean {
    if (dtype === 'char' || dtype === 'string') return false;
    let last: number | undefined;
    let direction = 0;
    const goesOn = (step: number) => {
      direction ||= step;
      return step !== 0 && step === direction;
    };
    for (const { content, absent } of pieces) {
      if (absent) return false;
      const values = this.#collection.contents.values(content);
      if (values === undefined) return true;
      if (values.values.length === 0) continue;
      const run = monotonicRun(values);
      if (run === undefined) return false;
      if (last !== undefined && !goesOn(Math.sign(run.first - last))) return false;
      if (run.direction !== 0 && !goesOn(run.direction)) return false;
      last = run.last;
    }
    return true;
  }

  #rangeOf({ variable }: Coordinate, links: readonly MergedLink[]): CoordinateRange | undefined {
    const merged = links.find((link) => this.#nameOf(link.merged) === variable)?.merged;
    if (merged === undefined) return undefined;
    let whole: CoordinateRange | undefined;
    for (const { content, variable: stored, absent } of merged.pieces) {
      if (absent) continue;
      const values = this.#collection.contents.values(content);
      const { minimum, maximum } = stored;
      const range =
        values !== undefined
          ? rangeOfValues(values)
          : minimum !== undefined && maximum !== undefined
            ? { minimum, maximum }
            : undefined;
      if (range === undefined) return undefined;
      whole =
        whole === undefined
          ? range
          : {
              minimum: Math.min(whole.minimum, range.minimum),
              maximum: Math.max(whole.maximum, range.maximum),
            };
    }
    return whole;
  }
}

/** Attributes that a Cube has fields for. */
const stated = new Set([
  'standard_name',
  'long_name',
  'units',
  'cell_methods',
  'grid_mapping',
  'coordinates',
  'bounds',
]);

/** As many of the smallest variables as `room` bytes hold. */
function smallest(
  variables: readonly MergedVariable[],
  sizes: ReadonlyMap<MergedVariable, number | undefined>,
  room: number,
): MergedVariable[] {
  const size = (merged: MergedVariable) => sizes.get(merged) ?? Infinity;
  let left = room;
  return [...variables]
    .sort((a, b) => size(a) - size(b))
    .filter((merged) => {
      left -= size(merged);
      return left >= 0;
    });
}

function orderedByShape(cubes: readonly MergedCube[]): MergedCube[] {
  const byPath = new Map<string, MergedCube[]>();
  for (const cube of cubes) byPath.set(cube.field.path, [...(byPath.get(cube.field.path) ?? []), cube]);
  return [...byPath.values()].flatMap((same) => same.sort((a, b) => compareShapes(a.field, b.field)));
}

function compareShapes(a: MergedVariable, b: MergedVariable): number {
  if (a.dimensions.length !== b.dimensions.length) return a.dimensions.length - b.dimensions.length;
  const axis = a.dimensions.findIndex(({ size }, d) => size !== b.dimensions[d].size);
  return axis < 0 ? 0 : a.dimensions[axis].size - b.dimensions[axis].size;
}
