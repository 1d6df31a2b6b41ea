import { allocateValues, type NumberArray } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import { arrayBlock } from '../src/index.ts';

/** A variable as tests describe it: small ones with their values, others located by made-up chunks. */
export interface VariableSketch {
  dtype?: string;
  dimensions?: string[];
  attributes?: Record<string, string | number | number[]>;
  /** Stored values, which then are inline. */
  values?: number[] | string;
  /** Values of a string variable. */
  texts?: string[];
  /** Chunk extents of a variable without values; the whole by default. */
  chunks?: number[];
  /** Stored length of each chunk. */
  chunkBytes?: number;
}

export interface FileSketch {
  url: string;
  format?: string;
  /** Length of each dimension; `unlimited` names those that grow. */
  dimensions: Record<string, number>;
  unlimited?: string[];
  attributes?: Record<string, string | number | number[]>;
  variables: Record<string, VariableSketch>;
}

function attributesOf(values: Record<string, string | number | number[]>, dtype = 'float64'): Attribute[] {
  return Object.entries(values).map(([name, value]) =>
    typeof value === 'string'
      ? { name, dtype: 'char', strings: [value], numbers: [], integers: [] }
      : { name, dtype, strings: [], numbers: [value].flat(), integers: [] },
  );
}

/** A FileIndex as a reader would make it. */
export function buildIndex(sketch: FileSketch): FileIndex {
  return {
    url: sketch.url,
    format: sketch.format ?? 'netcdf4',
    version: { size: 1000, etag: '', modifiedUs: 1 },
    bytesRead: 100,
    notes: [],
    root: {
      name: '',
      attributes: attributesOf(sketch.attributes ?? {}),
      dimensions: Object.entries(sketch.dimensions).map(([name, size]) => ({
        name,
        size,
        unlimited: sketch.unlimited?.includes(name) ?? false,
      })),
      variables: Object.entries(sketch.variables).map(([name, variable]) =>
        buildVariable(name, variable, sketch),
      ),
      groups: [],
    },
  };
}

function buildVariable(name: string, sketch: VariableSketch, file: FileSketch): IndexedVariable {
  const { dtype = 'float32', dimensions = [], values } = sketch;
  const shape = dimensions.map((dimension) => file.dimensions[dimension]);
  const chunkShape = sketch.chunks ?? shape.map((extent) => Math.max(1, extent));
  const count = shape.reduce((product, extent, axis) => product * Math.ceil(extent / chunkShape[axis]), 1);
  const variable: IndexedVariable = {
    name,
    dtype,
    dimensions: dimensions.map((dimension) => `/${dimension}`),
    shape,
    attributes: attributesOf(sketch.attributes ?? {}, dtype === 'char' ? 'float64' : dtype),
    layout: { storedDtype: dtype, chunkShape, codecs: [], edgeChunksPadded: true },
    chunks: {
      offsets: Array.from({ length: count }, (_, i) => 4096 + i * 100),
      lengths: new Array<number>(count).fill(sketch.chunkBytes ?? 100),
      skippedCodecs: [],
    },
    notComputable: '',
    contentSha256: '',
  };
  if (sketch.texts !== undefined)
    return { ...variable, inlineValues: arrayBlock({ dtype: 'string', shape, values: sketch.texts }) };
  if (values === undefined) return variable;
  const stored = typeof values === 'string' ? [...Buffer.from(values)] : values;
  const array = allocateValues(dtype, stored.length) as NumberArray;
  array.set(stored);
  return { ...variable, inlineValues: arrayBlock({ dtype: dtype as 'int8', shape, values: array }) };
}
