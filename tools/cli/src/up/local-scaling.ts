import { connectFigures, ScalingLoop, scalingSettings } from '@hyperslab/autoscaler';
import type { Config } from '@hyperslab/config';
import type { LocalWorkers } from './local-workers.ts';

/** Lets the autoscaler's policy rule the workers of a mesh on this machine. Answers how to end it. */
export function startLocalScaling(
  config: Config,
  scheduler: string,
  workers: LocalWorkers,
  bounds: { min: number; max: number },
  say: (text: string) => void,
): () => Promise<void> {
  const source = connectFigures(scheduler);
  const loop = new ScalingLoop(source, workers, scalingSettings(config, bounds), {
    decided({ wanted, reason }, before) {
      if (wanted !== before) say(`workers from ${before} to ${wanted}: ${reason}`);
    },
    failed: (part, message) => say(`the number of workers stays, since the ${part} fails: ${message}`),
    recovered: (part) => say(`the number of workers is decided again: the ${part} answers`),
  });
  loop.start(config.autoscaleInterval);
  return async () => {
    await loop.stop();
    source.close();
  };
}
