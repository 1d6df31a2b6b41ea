import type { Figures } from './figures.ts';
import { type Need, type NeedRule, need } from './need.ts';
import { remember, type ScalingMemory } from './scaling-memory.ts';
import type { ScalingSettings } from './scaling-settings.ts';

/** Which rule decided. */
export type ScalingRule =
  | NeedRule
  | 'enough'
  | 'bounds'
  | 'pace'
  | 'starting'
  | 'draining'
  | 'patience'
  | 'no-figures';

/** What a decision is made of. */
export interface ScalingInput {
  /** What the scheduler says; undefined when it does not answer. */
  figures: Figures | undefined;
  /** Workers that there shall be by now, those that are starting included. */
  wanted: number;
  settings: ScalingSettings;
  memory: ScalingMemory;
  /** Any clock that only goes forward. */
  nowMs: number;
}

/** How many workers there shall be. */
export interface Decision {
  wanted: number;
  rule: ScalingRule;
  /** In words: the figures and the rule that decided. */
  reason: string;
  memory: ScalingMemory;
}

/**
 * Room that is left when workers go. Between what is needed and that much more, the number stays: otherwise it would
 * follow every task that ends.
 */
const slack = 0.25;

/**
 * Decides how many workers there shall be. Up at once, as far as the pace allows; down when fewer have been enough for
 * a while, everybody who was asked for is there, and nobody is just leaving. Pure.
 */
export function decide({ figures, wanted, settings, memory: before, nowMs }: ScalingInput): Decision {
  const bounded = clamp(wanted, settings.min, settings.max);
  if (bounded !== wanted) {
    const reason = `${wanted} workers are not between ${settings.min} and ${settings.max}`;
    return { wanted: bounded, rule: 'bounds', reason, memory: { ...before, lower: undefined } };
  }
  if (figures === undefined) {
    // Who can't be asked may come back without its jobs: what was seen before says nothing of now.
    const reason = 'the scheduler does not answer; nothing is changed';
    return { wanted, rule: 'no-figures', reason, memory: { ...before, lower: undefined } };
  }
  const memory = remember(before, figures, wanted, nowMs);
  const overdue = memory.startingSinceMs.filter(
    (sinceMs) => nowMs - sinceMs >= settings.startTimeoutMs,
  ).length;
  const size = memory.size ?? settings.size;
  const wish = (room: number) =>
    within(need(figures, size, settings.targetMs, room), {
      settings,
      overdue,
      wanted,
      idleMs: nowMs - memory.lastWorkMs,
    });
  const enough = wish(0);
  if (enough.workers > wanted) return up(enough, { wanted, settings, memory, nowMs });
  const roomy = wish(slack);
  if (roomy.workers >= wanted) {
    return {
      wanted,
      rule: 'enough',
      reason: `${roomy.why}; ${wanted} are right`,
      memory: { ...memory, lower: undefined },
    };
  }
  const starting = memory.startingSinceMs.length - overdue;
  const leaving = figures.draining + Math.max(0, figures.workers - wanted);
  return down(roomy, { wanted, settings, memory, nowMs, starting, leaving });
}

interface Standing {
  wanted: number;
  settings: ScalingSettings;
  memory: ScalingMemory;
  nowMs: number;
}

function up({ workers, rule, why }: Need, { wanted, settings, memory, nowMs }: Standing): Decision {
  const kept = { ...memory, lower: undefined };
  const allowed = settings.upPerMinute - changed(memory, 1);
  const by = Math.min(workers - wanted, allowed);
  if (by <= 0) {
    const reason = `${why}; ${settings.upPerMinute} were added within a minute, which is the most`;
    return { wanted, rule: 'pace', reason, memory: kept };
  }
  const limit = by < workers - wanted ? `, at most ${settings.upPerMinute} more a minute` : '';
  const reason = `${why}; up from ${wanted} to ${wanted + by}${limit}`;
  return { wanted: wanted + by, rule, reason, memory: withChange(kept, by, nowMs) };
}

function down(
  { workers, rule, why }: Need,
  { wanted, settings, memory, nowMs, starting, leaving }: Standing & { starting: number; leaving: number },
): Decision {
  const stay = (because: ScalingRule, text: string, lower: ScalingMemory['lower']): Decision => ({
    wanted,
    rule: because,
    reason: `${why}; ${text}`,
    memory: { ...memory, lower },
  });
  // After a restart of the scheduler its workers come back one by one, and what they hold is known only then.
  if (starting > 0) return stay('starting', `${starting} of ${wanted} are still starting`, undefined);
  // Somebody else may have set a number at which what was remembered is no longer fewer.
  const isFewer = memory.lower !== undefined && memory.lower.highest < wanted;
  const { sinceMs, highest } = isFewer ? memory.lower! : { sinceMs: nowMs, highest: workers };
  const lower = { sinceMs, highest: Math.max(highest, workers) };
  const heldMs = nowMs - sinceMs;
  if (heldMs < settings.downAfterMs) {
    const text = `fewer have been enough for ${seconds(heldMs)} of ${seconds(settings.downAfterMs)} s`;
    return stay('patience', text, lower);
  }
  if (leaving > 0) return stay('draining', `${leaving} are leaving, and others wait for them`, lower);
  const allowed = settings.downPerMinute + changed(memory, -1);
  const by = Math.min(wanted - lower.highest, allowed);
  if (by <= 0) {
    return stay(
      'pace',
      `${settings.downPerMinute} were told to go within a minute, which is the most`,
      lower,
    );
  }
  const left = wanted - by;
  const limit = left > lower.highest ? `, at most ${settings.downPerMinute} fewer a minute` : '';
  const reason = `${why}; ${lower.highest} have been enough for ${seconds(heldMs)} s; down from ${wanted} to ${left}${limit}`;
  const again = left > lower.highest ? lower : undefined;
  return { wanted: left, rule, reason, memory: withChange({ ...memory, lower: again }, -by, nowMs) };
}

/** The number within the bounds. While there is something to do, workers that don't come up are made up for. */
function within(
  { workers, rule, why }: Need,
  {
    settings,
    overdue,
    wanted,
    idleMs,
  }: { settings: ScalingSettings; overdue: number; wanted: number; idleMs: number },
): Need {
  const { min, max } = settings;
  if (workers === 0) {
    const kept = min === 0 && wanted > 0 && idleMs < settings.idleMs;
    const text = kept ? `there has been no work for ${seconds(idleMs)} s` : why;
    return { workers: kept ? 1 : min, rule, why: text };
  }
  const late = overdue > 0 ? `; ${overdue} don't come up and are made up for` : '';
  const bound = workers + overdue > max ? `; ${max} are the most` : '';
  return { workers: clamp(workers + overdue, min, max), rule, why: `${why}${late}${bound}` };
}

/** Workers that were added (1) or told to go (-1) within the last minute; negative for the latter. */
function changed({ changes }: ScalingMemory, sign: 1 | -1): number {
  return changes.reduce((sum, { by }) => (Math.sign(by) === sign ? sum + by : sum), 0);
}

function withChange(memory: ScalingMemory, by: number, timeMs: number): ScalingMemory {
  return { ...memory, changes: [...memory.changes, { timeMs, by }] };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}
