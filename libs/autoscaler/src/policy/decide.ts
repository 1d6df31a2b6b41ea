import type { Figures } from './figures.ts';
import { type Need, type NeedRule, need } from './need.ts';
import { changed, remember, rememberAbsence, type ScalingMemory, withChange } from './scaling-memory.ts';
import type { ScalingSettings } from './scaling-settings.ts';
import { addWish, fewerSince, highestWish } from './wishes.ts';

/** Which rule decided: a figure that workers are needed for, or what keeps the number as it is. */
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
  const { min, max } = settings;
  const bounded = Math.min(Math.max(wanted, min), max);
  if (bounded !== wanted) {
    const reason = `${wanted} workers are not between ${min} and ${max}`;
    return { wanted: bounded, rule: 'bounds', reason, memory: before };
  }
  if (figures === undefined) {
    const reason = 'the scheduler does not answer; nothing is changed';
    return { wanted, rule: 'no-figures', reason, memory: rememberAbsence(before, nowMs) };
  }
  const remembered = remember(before, figures, wanted, nowMs);
  const { startingSinceMs, size = settings.size, lastWorkMs } = remembered;
  const overdue = startingSinceMs.filter((sinceMs) => nowMs - sinceMs >= settings.startTimeoutMs).length;
  const wish = (room: number) => possible(need(figures, size, settings.targetMs, room), overdue, max);

  const roomy = wish(slack);
  const wishes = addWish(remembered.wishes, roomy.workers, nowMs, settings.downAfterMs);
  const standing = { wanted, settings, memory: { ...remembered, wishes }, nowMs };
  const enough = wish(0);
  if (enough.workers > wanted) return up(standing, enough);
  // The last worker holds results that somebody may be about to read.
  const least = min === 0 && nowMs - lastWorkMs < settings.idleMs ? Math.min(1, wanted) : min;
  if (Math.max(roomy.workers, least) >= wanted)
    return stay(standing, 'enough', roomy, `${wanted} ${wanted === 1 ? 'is' : 'are'} right`);
  const starting = startingSinceMs.length - overdue;
  const leaving = figures.draining + Math.max(0, figures.workers - wanted);
  return down({ ...standing, least, starting, leaving }, roomy);
}

/** What a decision starts from. */
interface Standing {
  wanted: number;
  settings: ScalingSettings;
  memory: ScalingMemory;
  nowMs: number;
}

function up({ wanted, settings, memory, nowMs }: Standing, needed: Need): Decision {
  const { workers, rule, why } = needed;
  const by = Math.min(workers - wanted, settings.upPerMinute - changed(memory, 1));
  if (by <= 0) {
    const text = `${settings.upPerMinute} were added within a minute, which is the most`;
    return stay({ wanted, memory }, 'pace', needed, text);
  }
  const limit = by < workers - wanted ? `, at most ${settings.upPerMinute} more a minute` : '';
  const reason = `${why}; up from ${wanted} to ${wanted + by}${limit}`;
  return { wanted: wanted + by, rule, reason, memory: withChange(memory, by, nowMs) };
}

function down(
  { wanted, settings, memory, nowMs, ...at }: Standing & { least: number; starting: number; leaving: number },
  needed: Need,
): Decision {
  const kept = (rule: ScalingRule, text: string) => stay({ wanted, memory }, rule, needed, text);
  const { downAfterMs, downPerMinute } = settings;
  // After a restart of the scheduler its workers come back one by one, and what they hold is known only then.
  if (at.starting > 0) return kept('starting', `${at.starting} of ${wanted} are still starting`);
  const fewerMs = nowMs - fewerSince(memory.wishes, wanted);
  if (fewerMs < downAfterMs) {
    return kept('patience', `fewer than ${wanted} for ${seconds(fewerMs)} of ${seconds(downAfterMs)} s`);
  }
  if (at.leaving > 0) return kept('draining', `${at.leaving} are leaving, and others wait for them`);
  const target = Math.max(highestWish(memory.wishes), at.least);
  const by = Math.min(wanted - target, downPerMinute - changed(memory, -1));
  if (by <= 0) return kept('pace', `${downPerMinute} were told to go within a minute, which is the most`);
  const left = wanted - by;
  const limit = left > target ? `, at most ${downPerMinute} fewer a minute` : '';
  const reason = `${needed.why}; at most ${target} needed within ${seconds(downAfterMs)} s; down from ${wanted} to ${left}${limit}`;
  return { wanted: left, rule: needed.rule, reason, memory: withChange(memory, -by, nowMs) };
}

function stay(
  { wanted, memory }: Pick<Standing, 'wanted' | 'memory'>,
  rule: ScalingRule,
  { why }: Need,
  text: string,
): Decision {
  return { wanted, rule, reason: `${why}; ${text}`, memory };
}

/** What can be done of what is needed: no more than the most, and workers that don't come up are made up for. */
function possible({ workers, rule, why }: Need, overdue: number, max: number): Need {
  if (workers === 0) return { workers, rule, why };
  const late = overdue > 0 ? `; ${overdue} don't come up and are made up for` : '';
  const bound = workers + overdue > max ? `; ${max} are the most` : '';
  return { workers: Math.min(workers + overdue, max), rule, why: `${why}${late}${bound}` };
}

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}
