import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';

/** A store of fields that come again and again: large when it is decoded, and small on disk. */
export interface RepeatingStore {
  /** Extents: times, and rows and columns of a field. A chunk is one field. */
  shape: [times: number, rows: number, columns: number];
  /** The fields; that of a time is `fields[time % fields.length]`. */
  fields: Float32Array[];
}

/** Writes a Zarr store of the parameter `t` over `time`, `latitude` and `longitude`, whose chunks are links to a few files. */
export async function writeRepeatingStore(
  folder: string,
  times: number,
  rows: number,
  columns: number,
  different: number,
): Promise<RepeatingStore> {
  const fields = Array.from({ length: different }, (_, number) => fieldOf(number, rows, columns));
  await mkdir(join(folder, 't'), { recursive: true });
  await writeJson(join(folder, '.zgroup'), { zarr_format: 2 });
  await writeArray(
    folder,
    'time',
    ['time'],
    Float64Array.from({ length: times }, (_, time) => time),
    {
      units: 'hours since 2026-01-01',
      standard_name: 'time',
    },
  );
  await writeArray(folder, 'latitude', ['latitude'], evenly(rows, -80, 80), { units: 'degrees_north' });
  await writeArray(folder, 'longitude', ['longitude'], evenly(columns, 0, 350), { units: 'degrees_east' });
  const compressor = { id: 'zstd', level: 1 };
  await writeJson(join(folder, 't/.zarray'), {
    ...described([times, rows, columns], [1, rows, columns], '<f4'),
    compressor,
  });
  await writeJson(join(folder, 't/.zattrs'), {
    _ARRAY_DIMENSIONS: ['time', 'latitude', 'longitude'],
    units: 'K',
  });
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  for (let time = 0; time < times; time++) {
    const file = join(folder, 't', `${time}.0.0`);
    const field = fields[time % different];
    if (time < different) await writeFile(file, zstdCompressSync(bytesOf(field), { params }));
    else await link(join(folder, 't', `${time % different}.0.0`), file);
  }
  return { shape: [times, rows, columns], fields };
}

/** Temperatures with noise, in steps of 1/16 K: they are compressed to about a third. */
function fieldOf(number: number, rows: number, columns: number): Float32Array {
  const field = new Float32Array(rows * columns);
  let state = number + 1;
  for (let at = 0; at < field.length; at++) {
    // A generator of numbers that look random (Numerical Recipes): the same everywhere.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const latitude = Math.floor(at / columns) / rows;
    field[at] = Math.round((250 + 50 * Math.sin(Math.PI * latitude) + (state >>> 24) / 32) * 16) / 16;
  }
  return field;
}

async function writeArray(
  folder: string,
  name: string,
  dimensions: string[],
  values: Float64Array,
  attributes: Record<string, string>,
): Promise<void> {
  await mkdir(join(folder, name));
  const extents = [values.length];
  await writeJson(join(folder, name, '.zarray'), { ...described(extents, extents, '<f8'), compressor: null });
  await writeJson(join(folder, name, '.zattrs'), { _ARRAY_DIMENSIONS: dimensions, ...attributes });
  await writeFile(join(folder, name, '0'), bytesOf(values));
}

function described(shape: number[], chunks: number[], dtype: string) {
  return { zarr_format: 2, shape, chunks, dtype, fill_value: null, order: 'C', filters: null };
}

function evenly(count: number, first: number, last: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, at) => first + ((last - first) * at) / Math.max(1, count - 1),
  );
}

function bytesOf(values: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function writeJson(file: string, content: object): Promise<void> {
  return writeFile(file, JSON.stringify(content));
}
