import { type Decision, decide, emptyMemory, type ScalingSettings } from '../src/index.ts';
import { type LoadJob, type PoolOptions, SimulatedPool } from './simulated-pool.ts';

/** One decision of a run. */
export interface Moment {
  timeS: number;
  before: number;
  ready: number;
  decision: Decision;
  /** What was held had room in the workers that stay. */
  fitted: boolean;
}

export const decideEveryS = 5;

export const usual: ScalingSettings = {
  min: 1,
  max: 20,
  targetMs: 30_000,
  upPerMinute: 20,
  downPerMinute: 10,
  downAfterMs: 120_000,
  idleMs: 600_000,
  startTimeoutMs: 300_000,
  size: { slots: 4, memoryBytes: 2 ** 31 },
};

/** Lets the policy rule a simulated pool for so long. */
export function followPolicy(
  load: readonly LoadJob[],
  forS: number,
  {
    settings: given,
    from,
    ...options
  }: PoolOptions & { settings?: Partial<ScalingSettings>; from?: number } = {},
): { pool: SimulatedPool; moments: Moment[] } {
  const settings = { ...usual, ...given };
  const pool = new SimulatedPool(load, from ?? settings.min, options);
  const moments: Moment[] = [];
  let memory = emptyMemory(0);
  for (let timeS = 0; timeS < forS; timeS++) {
    let { wanted } = pool;
    if (timeS % decideEveryS === 0) {
      const before = wanted;
      const decision = decide({ figures: pool.figures(), wanted, settings, memory, nowMs: timeS * 1000 });
      ({ wanted, memory } = decision);
      const staying = Math.min(wanted, pool.ready);
      moments.push({
        timeS,
        before,
        ready: pool.ready,
        decision,
        fitted: wanted >= before || pool.fits(staying),
      });
    }
    pool.pass(wanted);
  }
  return { pool, moments };
}

/** How often the number changed its direction. */
export function reversals(moments: readonly Moment[]): number {
  const directions = moments
    .map(({ before, decision }) => Math.sign(decision.wanted - before))
    .filter((direction) => direction !== 0);
  return directions.filter((direction, at) => at > 0 && direction !== directions[at - 1]).length;
}

/** The most and the last number that was wanted. */
export function mostWanted(moments: readonly Moment[]): number {
  return Math.max(...moments.map(({ decision }) => decision.wanted));
}

export function lastWanted(moments: readonly Moment[]): number {
  return moments.at(-1)!.decision.wanted;
}

/** Decisions with which the number changes, as text. */
export function changesOf(moments: readonly Moment[]): string[] {
  return moments
    .filter(({ before, decision }) => decision.wanted !== before)
    .map(({ timeS, before, decision }) => `${timeS} s: ${before} → ${decision.wanted}, ${decision.reason}`);
}
