import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { FieldCoordinate, FieldSet } from '@hyperslab/proto/index';
import { textAttribute } from '../cf/attributes.ts';
import { axisOf } from '../cf/axis.ts';
import { joinPath, publicName } from '../cf/names.ts';

/** Attribute of a reader: all intervals of a time begin at the reference time, as others of the file are apart from them. */
const attribute = 'intervals_since_reference';

/** An interval or a layer, and a file that has it. */
interface Ends {
  url: string;
  from: number;
  to: number;
}

/** Ends of layers that were stated in units of different size differ by this part of them at most. */
const tolerance = 1e-9;

/**
 * What makes fields of several files one variable although they are of two kinds: layers of one middle and other ends, and intervals
 * of some hours beside those since the reference time. A reader puts them apart in one file, and a file does not know of the others.
 */
export class FieldKinds {
  /** Layers of each variable by their value. */
  readonly #layers = new Map<string, Ends>();
  /** Of each variable, an interval since the reference time that a file holds apart from those of some hours. */
  readonly #totals = new Map<string, Ends>();
  /** Of each variable, an interval that does not begin at the reference time. */
  readonly #buckets = new Map<string, Ends>();

  /**
   * A set of fields of the group of a path, without what a reader tells of its intervals. Throws MERGE_CONFLICT naming two files
   * and what both have.
   */
  checked(group: string, set: FieldSet, url: string): FieldSet {
    const path = joinPath(group, set.variable!.name);
    const bounded = set.coordinates.filter(({ bounds }) => bounds.length > 0);
    for (const coordinate of bounded)
      if (axisOf(coordinate.variable!.attributes) === 'T') this.#checkIntervals(path, coordinate, set, url);
    const layers = bounded.filter(({ variable }) => !isOfTime(variable!.attributes));
    for (const layer of layers) this.#checkLayers(path, layer, layers, url);
    return { ...set, coordinates: set.coordinates.map(withoutTelling) };
  }

  /** Of hybrid levels several coordinates are bounded, and some repeat: from some level on, sigma is 0, and its ends are or are not. */
  #checkLayers(
    path: string,
    { variable, values, bounds }: FieldCoordinate,
    layers: readonly FieldCoordinate[],
    url: string,
  ): void {
    const { name } = variable!;
    for (const [row, value] of values.entries()) {
      const key = [path, name, ...layers.map((each) => each.values[row])].join('\n');
      const layer = { url, from: bounds[2 * row], to: bounds[2 * row + 1] };
      const known = this.#layers.get(key);
      if (known === undefined) this.#layers.set(key, layer);
      else if (!isEqual(known, layer)) {
        const what = `${name} ${value} is the layer`;
        throw conflict(path, name, [known, layer], [`${what} ${textOf(known)}`, `${what} ${textOf(layer)}`]);
      }
    }
  }

  #checkIntervals(path: string, time: FieldCoordinate, { coordinates }: FieldSet, url: string): void {
    const { variable, bounds } = time;
    const { name } = variable!;
    const reference = coordinates.find((each) => each.variable!.name === 'forecast_reference_time')?.values;
    if (reference === undefined) return;
    // Hours since the reference time are what people call an interval by.
    const since = (row: number): Ends => ({
      url,
      from: bounds[2 * row] - reference[row],
      to: bounds[2 * row + 1] - reference[row],
    });
    if (isTelling(time)) {
      if (!this.#totals.has(path)) this.#totals.set(path, since(0));
    } else if (!this.#buckets.has(path)) {
      const row = reference.findIndex((_, each) => since(each).from !== 0);
      if (row >= 0) this.#buckets.set(path, since(row));
    }
    const total = this.#totals.get(path);
    const bucket = this.#buckets.get(path);
    if (total === undefined || bucket === undefined) return;
    throw conflict(
      path,
      name,
      [total, bucket],
      [
        `intervals are since the reference time (${textOf(total)} hours), beside others of some hours`,
        `one is of hours ${textOf(bucket)}, and nothing tells which of the two it goes on with`,
      ],
    );
  }
}

function conflict(
  path: string,
  coordinate: string,
  [a, b]: Ends[],
  [textA, textB]: string[],
): HyperslabError {
  const name = publicName(path);
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}" of ${a.url} and ${b.url} can't be one cube: in the first ${textA}, in the second ${textB}; leave some of the files out, publish them under two names, or leave the variable out ("drop" of an --overlay)`,
    {
      variable: name,
      coordinate,
      file: a.url,
      other_file: b.url,
      value: textOf(a),
      other_value: textOf(b),
    },
  );
}

/** A time, or a lead time: runs of other months may have intervals of one middle and other ends. */
function isOfTime(attributes: readonly Attribute[]): boolean {
  return axisOf(attributes) === 'T' || textAttribute(attributes, 'standard_name') === 'forecast_period';
}

function isTelling({ variable }: FieldCoordinate): boolean {
  return variable!.attributes.some(({ name }) => name === attribute);
}

function withoutTelling(coordinate: FieldCoordinate): FieldCoordinate {
  if (!isTelling(coordinate)) return coordinate;
  const variable = coordinate.variable!;
  const attributes = variable.attributes.filter(({ name }) => name !== attribute);
  return { ...coordinate, variable: { ...variable, attributes } };
}

function isEqual(a: Ends, b: Ends): boolean {
  const most = tolerance * Math.max(Math.abs(a.from), Math.abs(a.to));
  return Math.abs(a.from - b.from) <= most && Math.abs(a.to - b.to) <= most;
}

function textOf({ from, to }: Ends): string {
  return `${from} to ${to}`;
}
