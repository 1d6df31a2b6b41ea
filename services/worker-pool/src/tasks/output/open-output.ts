import { HyperslabError } from '@hyperslab/errors';
import type { OutputPlan, Plan } from '@hyperslab/proto/expression';
import { type ZarrEncoding, zarrMarks } from '@hyperslab/results/zarr';
import { assertOutputAllowed, openSharedOutput, type SharedOutput } from '@hyperslab/storage';

/** The store that a plan has workers write. */
export function outputOf({ output }: Plan): OutputPlan {
  if (output === undefined) throw new HyperslabError('INTERNAL', 'output: its plan does not describe it');
  return output;
}

/**
 * Opens the store of a job, whoever has begun it.
 * @throws HyperslabError OUTSIDE_ROOTS where workers may not write
 */
export async function openOutput(
  roots: readonly string[],
  { url, overwrite }: OutputPlan,
  jobId: string,
  signal?: AbortSignal,
): Promise<SharedOutput> {
  await assertOutputAllowed(url, roots);
  return openSharedOutput(url, jobId, { overwrite, marks: zarrMarks, signal });
}

/**
 * How a store is written.
 * @throws HyperslabError INVALID_ARGUMENT for what this worker does not know
 */
export function encodingOf({ url, encoding }: OutputPlan): ZarrEncoding {
  const { format, compression, level, shuffle } = encoding ?? {};
  const isKnown = compression === 'zstd' || compression === 'gzip' || compression === 'none';
  if ((format !== 2 && format !== 3) || !isKnown)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `${url}: Zarr v${format} with compression "${compression}" is unknown; expected v2 or v3, with zstd, gzip or none`,
    );
  return { format, compression, level: level ?? 1, shuffle: shuffle ?? false };
}
