import { resolve } from 'node:path';
import { parseByteSize } from '@hyperslab/config';
import type { Context } from '../context.ts';
import { writeSample } from '../sample/index.ts';

/** Writes a synthetic model run. */
export async function sample(
  context: Context,
  [directory]: string[],
  options: { size: string; seed: number },
): Promise<void> {
  const target = resolve(directory);
  const size = parseByteSize(options.size);
  const { signal } = context;
  const written = await writeSample(target, { size, seed: options.seed, signal });
  context.print(
    { directory: target, ...written },
    () => `wrote a model run of ${options.size} below ${target}`,
  );
}
