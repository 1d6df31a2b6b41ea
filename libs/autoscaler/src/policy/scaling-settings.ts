import type { Config } from '@hyperslab/config';
import { HyperslabError } from '@hyperslab/errors';
import type { WorkerSize } from './figures.ts';

/** What the policy is told. */
export interface ScalingSettings {
  /** Fewest workers. */
  min: number;
  /** Most workers. */
  max: number;
  /** Work that may wait or run for each worker, as the time that the worker takes for it. */
  targetMs: number;
  /** Most workers that are added, and that are told to go, within a minute. */
  upPerMinute: number;
  downPerMinute: number;
  /** Fewer workers must have been enough for so long before some go. */
  downAfterMs: number;
  /** The last worker goes after so long without work, where `min` is 0. */
  idleMs: number;
  /** A worker that has been starting for longer does not count as one that will help. */
  startTimeoutMs: number;
  /** What a worker is taken for before one was seen. */
  size: WorkerSize;
}

/**
 * The settings in a configuration.
 * @param bounds fewest and most workers, where they were not set by HYPERSLAB_AUTOSCALE_MIN and _MAX
 * @throws HyperslabError INVALID_ARGUMENT when the most are fewer than the fewest
 */
export function scalingSettings(
  config: Config,
  { min, max } = { min: config.autoscaleMin, max: config.autoscaleMax },
): ScalingSettings {
  if (max < min) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `number of workers: at most ${max} are fewer than at least ${min}; raise HYPERSLAB_AUTOSCALE_MAX or lower HYPERSLAB_AUTOSCALE_MIN`,
    );
  }
  return {
    min,
    max,
    targetMs: config.autoscaleTarget,
    upPerMinute: config.autoscaleUpPerMinute,
    downPerMinute: config.autoscaleDownPerMinute,
    downAfterMs: config.autoscaleDownAfter,
    idleMs: config.autoscaleIdle,
    startTimeoutMs: config.autoscaleStartTimeout,
    size: { slots: config.workerSlots, memoryBytes: config.workerMemory },
  };
}
