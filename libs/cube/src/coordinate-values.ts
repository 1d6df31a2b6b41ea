import { createHash } from 'node:crypto';
import { encodeValues, isBigInt, isFixedWidth, itemSize, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { unpack } from '@hyperslab/kernels';
import type { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import { arrayBlock } from './array-block.ts';
import { type FileVariables, fileVariables } from './cf/file-variables.ts';
import { packingOf } from './cf/packing.ts';
import { type FileRoles, fileRoles } from './cf/roles.ts';

/** Up to these many bytes as stored, values travel in the index: a merge can order and join them. */
const inlineBytes = { oneDimensional: 1024 * 1024, other: 64 * 1024 };

// What is larger is read once to be hashed. Constant fields are data: hashing much of it would make a publish read what
// it promises not to read. Still larger ones are kept from the first file, with a remark, when all else is alike.
const hashedBytes = { supporting: 256 * 1024 * 1024, growing: 1024 * 1024, constant: 64 * 1024 * 1024 };

const readsAtOnce = 8;

// Values above this are read one variable at a time in the whole process, however many files are being indexed.
const largeBytes = 8 * 1024 * 1024;
let lastLarge: Promise<unknown> = Promise.resolve();

/** Reads all values of a variable, as stored: `readStored` of the formats package. */
export type ReadStored = (variable: IndexedVariable) => Promise<MaskedArray>;

/**
 * The index with the values that a merge must compare: `inlineValues` of coordinates, bounds, grid mappings and of
 * fields that do not lie along time; of large ones `contentSha256` and the range of their values. Throws what
 * `readStored` throws, and CANCELLED.
 */
export async function indexCoordinates(
  index: FileIndex,
  readStored: ReadStored,
  signal?: AbortSignal,
): Promise<FileIndex> {
  const file = fileVariables(index);
  const roles = fileRoles(file);
  const wanted = [...file.variables].filter(([path, variable]) => isCompared(path, variable, file, roles));
  for (let at = 0; at < wanted.length; at += readsAtOnce) {
    if (signal?.aborted) throw new HyperslabError('CANCELLED', `indexing ${index.url} was cancelled`);
    const some = wanted.slice(at, at + readsAtOnce);
    await Promise.all(
      some.map(([, variable]) => {
        const add = async () => addValues(variable, await readStored(variable), index.format);
        if (sizeOf(variable) <= largeBytes) return add();
        const added = lastLarge.then(add);
        lastLarge = added.catch(() => undefined);
        return added;
      }),
    );
  }
  return index;
}

function isCompared(
  path: string,
  variable: IndexedVariable,
  { unlimited }: FileVariables,
  roles: FileRoles,
): boolean {
  const { dtype, shape, dimensions } = variable;
  if (variable.inlineValues !== undefined || variable.contentSha256 !== '' || variable.notComputable !== '')
    return false;
  if (!isFixedWidth(dtype) || variable.layout === undefined) return false;
  const bytes = sizeOf(variable);
  if (!roles.supporting.has(path)) return roles.constant.has(path) && bytes <= hashedBytes.constant;
  // A coordinate of several dimensions that changes with time (heights of moving levels) is as large as data.
  const grows = shape.length > 2 && dimensions.some((name) => unlimited.has(name));
  return bytes <= (grows ? hashedBytes.growing : hashedBytes.supporting);
}

/** Bytes of the values of a variable of fixed width. */
function sizeOf({ dtype, shape }: IndexedVariable): number {
  return shape.reduce((product, extent) => product * extent, isFixedWidth(dtype) ? itemSize(dtype) : 1);
}

function addValues(variable: IndexedVariable, stored: MaskedArray, format: string): void {
  const bytes = encodeValues(stored);
  const limit = variable.shape.length === 1 ? inlineBytes.oneDimensional : inlineBytes.other;
  if (bytes.length <= limit) {
    variable.inlineValues = arrayBlock({ ...stored, mask: undefined });
    return;
  }
  variable.contentSha256 = createHash('sha256').update(bytes).digest('hex');
  if (!isFixedWidth(variable.dtype) || isBigInt(variable.dtype) || variable.dtype === 'char') return;
  const { values, mask } = unpack(stored.values, stored.dtype, packingOf(variable, format));
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (mask?.[i] === 1 || Number.isNaN(value)) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  if (minimum <= maximum) Object.assign(variable, { minimum, maximum });
}
