import type { Attribute } from '@hyperslab/proto/array';
import { type FileIndex, FileIndex as FileIndexMessage, type IndexedVariable } from '@hyperslab/proto/index';

/** Steps of a file, and chunks of a step and variable: a quarter of a degree in tiles of 181 × 360, compressed. */
const steps = 31;
const grid = { y: 721, x: 1440 };
const chunk = { y: 181, x: 360 };
const chunksOfVariable = steps * Math.ceil(grid.y / chunk.y) * Math.ceil(grid.x / chunk.x);
const names = ['t', 'u', 'v', 'q'];

/** Chunks of one file. */
export const chunksOfFile = names.length * chunksOfVariable;

const text = (name: string, value: string): Attribute => ({
  name,
  dtype: 'char',
  strings: [value],
  numbers: [],
  integers: [],
});

/** Compressed lengths are hardly ever equal: a plain generator (Numerical Recipes) makes them, the same in each run. */
function* lengths(seed: number): Generator<number> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield 1_500_000 + (state >>> 12);
  }
}

/** A run of files, each with a month of hours on a global grid, as index tasks send them to the merge. The bytes need not be. */
export function* syntheticArchive(files: number): Generator<FileIndex> {
  for (let file = 0; file < files; file++) {
    // As it comes over the wire: every file's objects are its own.
    yield FileIndexMessage.decode(FileIndexMessage.encode(indexOf(file)).finish());
  }
}

function indexOf(file: number): FileIndex {
  let end = 30_000;
  const next = lengths(file + 1);
  const field = (name: string): IndexedVariable => {
    const offsets = new Array<number>(chunksOfVariable);
    const stored = new Array<number>(chunksOfVariable);
    for (let row = 0; row < chunksOfVariable; row++) {
      offsets[row] = end;
      stored[row] = next.next().value as number;
      end += stored[row];
    }
    return {
      ...described(name, 'float32', ['/time', '/y', '/x'], [steps, grid.y, grid.x]),
      attributes: [text('units', 'K'), text('long_name', `parameter ${name}`)],
      layout: {
        storedDtype: 'float32',
        chunkShape: [1, chunk.y, chunk.x],
        codecs: [
          { name: 'bytes', configuration: '{"endian":"little"}' },
          { name: 'shuffle', configuration: '{"elementsize":4}' },
          { name: 'deflate', configuration: '{"level":4}' },
        ],
        edgeChunksPadded: true,
      },
      chunks: { offsets, lengths: stored, skippedCodecs: [] },
    };
  };
  const variables = [
    axis('time', steps, file * steps, 'hours since 1900-01-01'),
    axis('y', grid.y, 0, 'degrees_north'),
    axis('x', grid.x, 0, 'degrees_east'),
    ...names.map(field),
  ];
  return {
    url: `s3://archive/global/quarter-degree/run_${String(file).padStart(7, '0')}.nc`,
    format: 'netcdf4',
    version: {
      size: end,
      etag: `"${(file * 2_654_435_761).toString(16).padStart(32, '0')}"`,
      modifiedUs: 1.7e15 + file,
    },
    bytesRead: 20_000,
    notes: [],
    root: {
      name: '',
      attributes: [text('title', 'synthetic archive')],
      dimensions: [
        { name: 'time', size: steps, unlimited: true },
        { name: 'y', size: grid.y, unlimited: false },
        { name: 'x', size: grid.x, unlimited: false },
      ],
      variables,
      groups: [],
    },
  };
}

function axis(name: string, count: number, first: number, units: string): IndexedVariable {
  const values = Float64Array.from({ length: count }, (_, i) => first + i);
  return {
    ...described(name, 'float64', [`/${name}`], [count]),
    attributes: [text('units', units)],
    inlineValues: {
      dtype: 'float64',
      shape: [count],
      data: Buffer.from(values.buffer),
      mask: Buffer.alloc(0),
    },
  };
}

function described(name: string, dtype: string, dimensions: string[], shape: number[]): IndexedVariable {
  return { name, dtype, dimensions, shape, attributes: [], notComputable: '', contentSha256: '' };
}
