import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { describeArray, writeArray, writeJson } from './write-array.ts';

/** Fields that come again and again: large when they are decoded, and small on disk. */
export interface RepeatingStore {
  times: number;
  rows: number;
  columns: number;
  /** How many fields there are: that of a time is `fieldOf(time % different)`. */
  different: number;
}

const scale = 0.25;
const offset = 220;

/** Values of a field: temperatures with noise, in steps of a quarter of a kelvin. */
export function fieldOf({ rows, columns }: RepeatingStore, number: number): Float32Array {
  return Float32Array.from(packedField(rows, columns, number), (packed) => offset + scale * packed);
}

/**
 * Writes a Zarr store of the parameter `t` over `time`, `latitude` and `longitude`: a chunk is one field of bytes that unpack to
 * float32, and files are links to a few.
 */
export async function writeRepeatingStore(folder: string, store: RepeatingStore): Promise<void> {
  const { times, rows, columns, different } = store;
  await mkdir(join(folder, 't'), { recursive: true });
  await writeJson(join(folder, '.zgroup'), { zarr_format: 2 });
  const hours = Float64Array.from({ length: times }, (_, time) => time);
  await writeAxis(folder, 'time', hours, { units: 'hours since 2026-01-01', standard_name: 'time' });
  await writeAxis(folder, 'latitude', evenly(rows, -80, 80), { units: 'degrees_north' });
  await writeAxis(folder, 'longitude', evenly(columns, 0, 350), { units: 'degrees_east' });
  const described = describeArray([times, rows, columns], [1, rows, columns], '|u1');
  await writeJson(join(folder, 't/.zarray'), { ...described, compressor: { id: 'zstd', level: 1 } });
  await writeJson(join(folder, 't/.zattrs'), {
    _ARRAY_DIMENSIONS: ['time', 'latitude', 'longitude'],
    units: 'K',
    scale_factor: scale,
    add_offset: offset,
  });
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  const fileOf = (time: number) => join(folder, 't', `${time}.0.0`);
  for (let time = 0; time < times; time++) {
    if (time < different)
      await writeFile(fileOf(time), zstdCompressSync(packedField(rows, columns, time), { params }));
    else await link(fileOf(time % different), fileOf(time));
  }
}

/** Noise of a few bits on a gradient, the same everywhere. */
function packedField(rows: number, columns: number, number: number): Uint8Array {
  const field = new Uint8Array(rows * columns);
  let state = number + 1;
  for (let row = 0; row < rows; row++) {
    const base = 20 + Math.floor((160 * row) / rows);
    for (let column = 0; column < columns; column++) {
      // Numbers that look random (Numerical Recipes).
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      field[row * columns + column] = base + (state >>> 27) + number;
    }
  }
  return field;
}

function writeAxis(
  folder: string,
  name: string,
  values: Float64Array,
  attributes: Record<string, string>,
): Promise<void> {
  return writeArray(folder, name, { dimensions: [name], shape: [values.length], values, attributes });
}

function evenly(count: number, first: number, last: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, at) => first + ((last - first) * at) / Math.max(1, count - 1),
  );
}
