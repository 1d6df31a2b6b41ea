/**
 * Kerchunk references of a synthetic archive: `node make-references.ts FOLDER FILES`. Each file of references stands for a
 * month of hours of four parameters on a quarter of a degree in tiles of 181 × 360, compressed to lengths that are hardly
 * ever equal: 1,984 chunks, 4 GB. The bytes need not be. Of the first, the middle and the last file the first tile of "t"
 * is there: its values are the file's number.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateSync } from 'node:zlib';

export const steps = 31;
const grid = { y: 721, x: 1440 };
const chunk = { y: 181, x: 360 };
const parameters = { t: 'K', u: 'm s-1', v: 'm s-1', q: 'kg kg-1' };
const tiles = { y: Math.ceil(grid.y / chunk.y), x: Math.ceil(grid.x / chunk.x) };

/** Chunks of one file. */
export const chunksOfFile = Object.keys(parameters).length * steps * tiles.y * tiles.x;

/** Files whose first tile is there, of so many. */
export const writtenFiles = (files: number) => [...new Set([0, files >> 1, files - 1])];

const compressor = { id: 'zlib', level: 1 };

/** Writes references of `files` files, and the tiles that are there; returns the bytes that the archive would have. */
export function makeReferences(folder: string, files: number): number {
  mkdirSync(folder, { recursive: true });
  const written = new Set(writtenFiles(files));
  const y = axis('y', 'degrees_north', grid.y, 90, -0.25);
  const x = axis('x', 'degrees_east', grid.x, 0, 0.25);
  let bytes = 0;
  for (let file = 0; file < files; file++) {
    const number = String(file).padStart(7, '0');
    const data = join(folder, `run_${number}.bin`);
    const first = deflateSync(new Uint8Array(new Float32Array(chunk.y * chunk.x).fill(file).buffer));
    const time = axis('time', 'hours since 1900-01-01', steps, file * steps, 1);
    const { references, end } = referencesOf(file, first.length);
    const refs = { '.zgroup': '{"zarr_format":2}', ...time, ...y, ...x, ...references };
    const document = { version: 1, templates: { u: pathToFileURL(data).href }, refs };
    writeFileSync(join(folder, `run_${number}.json`), JSON.stringify(document));
    bytes += end;
    if (!written.has(file)) continue;
    const descriptor = openSync(data, 'w');
    ftruncateSync(descriptor, end);
    writeSync(descriptor, first, 0, first.length, headerBytes);
    closeSync(descriptor);
  }
  return bytes;
}

const headerBytes = 30_000;

function referencesOf(file: number, firstLength: number) {
  const references: Record<string, unknown> = {};
  let end = headerBytes;
  // Numerical Recipes' generator: the same lengths in each run.
  let state = (file + 1) >>> 0;
  for (const [name, units] of Object.entries(parameters)) {
    references[`${name}/.zarray`] = arrayMetadata([steps, grid.y, grid.x], [1, chunk.y, chunk.x], '<f4');
    references[`${name}/.zattrs`] = JSON.stringify({ units, _ARRAY_DIMENSIONS: ['time', 'y', 'x'] });
    for (let step = 0; step < steps; step++)
      for (let row = 0; row < tiles.y; row++)
        for (let column = 0; column < tiles.x; column++) {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          const length = end === headerBytes ? firstLength : 1_500_000 + (state >>> 12);
          references[`${name}/${step}.${row}.${column}`] = ['{{u}}', end, length];
          end += length;
        }
  }
  return { references, end };
}

function axis(name: string, units: string, count: number, first: number, step: number) {
  const values = Float64Array.from({ length: count }, (_, i) => first + i * step);
  const stored = deflateSync(new Uint8Array(values.buffer));
  return {
    [`${name}/.zarray`]: arrayMetadata([count], [count], '<f8'),
    [`${name}/.zattrs`]: JSON.stringify({ units, _ARRAY_DIMENSIONS: [name] }),
    [`${name}/0`]: `base64:${stored.toString('base64')}`,
  };
}

function arrayMetadata(shape: number[], chunks: number[], dtype: string): string {
  const fixed = { zarr_format: 2, compressor, fill_value: null, filters: null, order: 'C' };
  return JSON.stringify({ ...fixed, shape, chunks, dtype });
}
