import { HyperslabError } from '@hyperslab/errors';

/**
 * Throws TOO_LARGE for a task whose weights take more than a worker has memory for.
 * @param most bytes that all tasks may take for that at once
 */
export function assertHoldable(bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new HyperslabError(
    'TOO_LARGE',
    `weights of "regrid" and what they are made with take up to ${bytes} bytes; this worker has ${most} for that: ` +
      'select a part of the source, regrid by method=bilinear or nearest where it is by areas, or give workers more memory (HYPERSLAB_WORKER_MEMORY)',
    { bytes: String(bytes), most: String(most) },
  );
}
