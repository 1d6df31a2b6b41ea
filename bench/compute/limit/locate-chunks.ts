import { join } from 'node:path';
import { itemSize } from '@hyperslab/array';
import { indexFile } from '@hyperslab/formats';
import type { Layout } from '@hyperslab/proto/array';
import { createStorage } from '@hyperslab/storage';

/** Where the chunks of a parameter lie, and how they are encoded: shuffled and deflated, all of one size. */
export interface LocatedParameter {
  layout: Layout;
  /** Bytes of a value as stored, and of a decoded chunk. */
  width: number;
  chunkBytes: number;
  files: { path: string; chunks: { offset: number; length: number }[] }[];
}

/**
 * Locates the chunks of a parameter in those files that are named after it: "t_000.nc". Throws when they are not encoded as
 * those of the run: a limit of other decoding would be wrong.
 */
export async function locateChunks(
  folder: string,
  names: readonly string[],
  parameter: string,
): Promise<LocatedParameter> {
  const storage = createStorage({ roots: [folder] });
  const files: LocatedParameter['files'] = [];
  let layout: Layout | undefined;
  try {
    for (const name of names.filter((file) => file.startsWith(`${parameter}_`))) {
      const path = join(folder, name);
      const { root } = await indexFile(storage.open(path));
      const { layout: found, chunks } = root!.variables.find((variable) => variable.name === parameter)!;
      layout = found!;
      const { offsets, lengths } = chunks!;
      files.push({ path, chunks: offsets.map((offset, at) => ({ offset, length: lengths[at] })) });
    }
  } finally {
    await storage.close();
  }
  if (layout?.codecs.map(({ name }) => name).join() !== 'bytes,shuffle,deflate')
    throw new Error(`${parameter}: expected files with chunks that are shuffled and deflated`);
  const width = itemSize(layout.storedDtype);
  const chunkBytes = layout.chunkShape.reduce((product, extent) => product * extent, width);
  return { layout, width, chunkBytes, files };
}
