import { createHash } from 'node:crypto';
import { encodeValues, isBigInt } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { decodeBlock } from '@hyperslab/expression';
import { Packing } from '@hyperslab/proto/array';
import { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import type { ObjectVersion } from '@hyperslab/storage';
import { chooseFill, filledValues } from './choose-fill.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** What is kept of a stored block: an index of its object, which has one variable of one chunk. */
export interface StoredBlock {
  index: FileIndex;
  packing: Packing;
}

/**
 * Puts the values of a block of a computed array into the object store, little-endian and uncompressed, with a number
 * of their type where they are missing. The block of the task is the object's index.
 */
export async function storeBlock(
  { objects }: TaskEnvironment,
  { jobId, plan, stage, task, readBlock, signal }: TaskRequest,
): Promise<Uint8Array> {
  const [array] = decodeBlock(await readBlock(plan.stages[stage].inputs[0], task));
  const masked = array.mask?.some((missing) => missing === 1) ?? false;
  const fill = masked ? chooseFill(array) : undefined;
  const values = fill === undefined ? array.values : filledValues(array, fill);
  const bytes = encodeValues({ ...array, values });
  // What is there is never written again: a version that is visible may read it.
  const key = `arrays/${jobId}/${task}-${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
  if (!(await objects.has(key, signal))) await objects.put(key, bytes, signal);
  const source = objects.open(key);
  const big = isBigInt(array.dtype);
  const variable = IndexedVariable.fromPartial({
    name: plan.result?.name ?? '',
    dtype: array.dtype,
    shape: array.shape,
    layout: {
      storedDtype: array.dtype,
      chunkShape: array.shape,
      codecs: [{ name: 'bytes', configuration: '{"endian":"little"}' }],
      edgeChunksPadded: false,
    },
    chunks: { offsets: [0], lengths: [bytes.length] },
    fillValue: fill !== undefined && !big ? Number(fill) : undefined,
    fillInteger: fill !== undefined && big ? String(fill) : undefined,
  });
  const version: ObjectVersion = await source.stat(signal);
  const index = { url: source.url, format: 'hyperslab', version, root: { variables: [variable] } };
  return FileIndex.encode(FileIndex.fromPartial(index)).finish();
}

/** Reads the block of a STORE task back. */
export function decodeStoredBlock(bytes: Uint8Array): StoredBlock {
  const index = FileIndex.decode(Buffer.from(bytes));
  const variable = index.root?.variables[0];
  if (variable === undefined) throw new HyperslabError('INTERNAL', 'stored block: it describes no variable');
  const packing = Packing.fromPartial({
    missingValues: variable.fillValue === undefined ? [] : [variable.fillValue],
    missingIntegers: variable.fillInteger === undefined ? [] : [variable.fillInteger],
    unpackedDtype: variable.dtype,
  });
  return { index, packing };
}
