import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { type GridPart, pointsOfPart } from '@hyperslab/codecs';
import type { Attribute } from '@hyperslab/proto/array';
import type { IndexedVariable, OtherObjects } from '@hyperslab/proto/index';
import type { GridTiles } from './grid-tiles.ts';
import { HeldBytes } from './held-bytes.ts';

// Larger ones make indexes that are mostly places: a merge reads the index of every file.
const largestInline = 64 * 1024;

/** A dimension as a variable names it: its path and extent. */
export interface NamedExtent {
  path: string;
  size: number;
}

const names = ['latitude', 'longitude'] as const;

// A catalog wants to know where a grid lies; files of one grid come by the thousand, and computing all places takes up to seconds.
const knownRanges = new Map<string, Ranges>();
const mostKnown = 64;

/** Points of rows of a file whose ranges are computed (O1280 has 6.6 million); a point of another grid counts as so many. */
const mostRanges = 20_000_000;
const costOfPlace = 4;

/** Points of a file whose places are described: each million takes some ten kilobytes of an index. */
const mostPoints = 2 ** 28;

/**
 * Places of the points of a file's grids: coordinates that follow from a definition. Those that fit into 64 KiB are in the index
 * (float64, or float32 where only those fit); others are float64 chunks that describe their points (decision 0048), and lie
 * in the index as bytes of no object. Files of equal grids have equal descriptions, whose hash is what a merge compares.
 */
export class HeldPlaces {
  readonly #held = new HeldBytes();
  #pointsLeft = mostPoints;
  #rangesLeft = mostRanges;

  /** Bytes of descriptions that are held. */
  get length(): number {
    return this.#held.length;
  }

  /**
   * Latitude and longitude, degrees, over the dimensions of a field; `tiles` gives all of its points. Undefined when a file
   * has more points than any honest one.
   */
  variables(dimensions: readonly NamedExtent[], tiles: () => GridTiles): IndexedVariable[] | undefined {
    const count = dimensions.reduce((product, { size }) => product * size, 1);
    if (count === 0) return [];
    if (count > this.#pointsLeft) return undefined;
    this.#pointsLeft -= count;
    const { chunkShape, parts } = tiles();
    if (4 * count <= largestInline && parts.length === 1) return inlinePlaces(dimensions, count, parts[0]);
    const texts = parts.map((part) => JSON.stringify(part));
    const stored = texts.map((text) => deflateSync(text));
    const offsets = stored.map((bytes) => this.#held.add(bytes));
    const hash = sha256(texts.join('\n'));
    const ranges = this.#rangesOf(hash, parts, count);
    return names.map((name) => ({
      ...described(name, 'float64', dimensions),
      layout: {
        storedDtype: 'float64',
        chunkShape,
        codecs: [
          { name: 'bytes', configuration: '{"endian":"little"}' },
          { name: 'grid_points', configuration: JSON.stringify({ coordinate: name }) },
          { name: 'deflate', configuration: '' },
        ],
        edgeChunksPadded: false,
      },
      chunks: {
        offsets,
        lengths: stored.map(({ length }) => length),
        skippedCodecs: [],
        objects: { numbers: stored.map(() => 1) },
      },
      contentSha256: sha256(`${name} ${hash}`),
      ...ranges?.[name],
    }));
  }

  /** What is held, as the only other object of an index; nothing when nothing is. */
  others(): { others?: OtherObjects } {
    if (this.#held.length === 0) return {};
    const versions = [{ size: 0, etag: '', modifiedUs: 0 }];
    return { others: { urls: ['index:'], versions, held: this.#held.all() } };
  }

  /** Ranges of the places of a grid, by the hash of its description; undefined when the file has too many points to compute them. */
  #rangesOf(hash: string, parts: readonly GridPart[], count: number): Ranges | undefined {
    let ranges = knownRanges.get(hash);
    const cost = parts[0].kind === 'rows' ? count : costOfPlace * count;
    if (ranges !== undefined || cost > this.#rangesLeft) return ranges;
    this.#rangesLeft -= cost;
    ranges = rangesOf(parts);
    if (knownRanges.size >= mostKnown) knownRanges.clear();
    knownRanges.set(hash, ranges);
    return ranges;
  }
}

function inlinePlaces(dimensions: readonly NamedExtent[], count: number, part: GridPart): IndexedVariable[] {
  const { latitudes, longitudes } = pointsOfPart(part);
  return names.map((name) => {
    const exact = name === 'latitude' ? latitudes : longitudes;
    const values = 8 * count > largestInline ? Float32Array.from(exact) : exact;
    const variable = described(name, values instanceof Float32Array ? 'float32' : 'float64', dimensions);
    const { dtype, shape } = variable;
    const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    return { ...variable, inlineValues: { dtype, shape, data, mask: Buffer.alloc(0) } };
  });
}

function described(
  name: (typeof names)[number],
  dtype: string,
  dimensions: readonly NamedExtent[],
): IndexedVariable {
  const paths = dimensions.map(({ path }) => path);
  const shape = dimensions.map(({ size }) => size);
  return {
    name,
    dtype,
    dimensions: paths,
    shape,
    attributes: attributes(name),
    notComputable: '',
    contentSha256: '',
  };
}

function attributes(name: 'latitude' | 'longitude'): Attribute[] {
  const units = name === 'latitude' ? 'degrees_north' : 'degrees_east';
  const texts = { standard_name: name, long_name: name, units };
  return Object.entries(texts).map(([key, text]) => ({
    ...{ name: key, dtype: 'char', strings: [text], numbers: [], integers: [] },
  }));
}

/** Smallest and largest latitude and longitude. */
type Ranges = Record<(typeof names)[number], { minimum?: number; maximum?: number }>;

function rangesOf(parts: readonly GridPart[]): Ranges {
  const ranges: Ranges = { latitude: {}, longitude: {} };
  for (const part of parts) {
    const { latitudes, longitudes } = pointsOfPart(part);
    extend(ranges.latitude, latitudes);
    extend(ranges.longitude, longitudes);
  }
  return ranges;
}

/** Widens a range by values, but not by NaN: a point of a plane that is no place. */
function extend(range: { minimum?: number; maximum?: number }, values: Float64Array): void {
  let { minimum = Infinity, maximum = -Infinity } = range;
  for (const value of values) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  if (minimum <= maximum) Object.assign(range, { minimum, maximum });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
