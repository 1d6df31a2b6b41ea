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
 * Most workers that are asked for in place of those that don't come up: a part of what is needed, and at least so many
 * for a few ordinals that are stuck. Where the cluster is full nobody else comes up either, and each one that is made up
 * for would have to be made up for in turn.
 */
const spareShare = 0.25;
const leastSpare = 2;

/**
 * Decides how many workers there shall be. Up at once, as far as the pace allows; down when fewer have been enough for
 * a while, everybody who was asked for is there, and nobody is just leaving. Down to the most that may be without
 * waiting for that, yet not faster than workers may go: each has blocks to hand over. Pure.
 */
export function decide({ figures, wanted, settings, memory: before, nowMs }: ScalingInput): Decision {
  const { min, max } = settings;
  if (wanted < min) {
    const reason = `${wanted} workers are fewer than ${min}, which are the fewest`;
    return { wanted: min, rule: 'bounds', reason, memory: before };
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
  const leaving = figures.draining + Math.max(0, figures.workers - wanted);
  if (wanted > max) {
    const why = `${wanted} workers are more than ${max}, which are the most`;
    return lower({ ...standing, target: max, leaving }, { rule: 'bounds', why });
  }
  const enough = wish(0);
  if (enough.workers > wanted) return up(standing, enough);
  // The last worker holds results that somebody may be about to read.
  const least = min === 0 && nowMs - lastWorkMs < settings.idleMs ? Math.min(1, wanted) : min;
  if (Math.max(roomy.workers, least) >= wanted)
    return stay(standing, 'enough', roomy, `${wanted} ${wanted === 1 ? 'is' : 'are'} right`);
  const starting = startingSinceMs.length - overdue;
  return down({ ...standing, least, starting, leaving }, roomy);
}

/** Why there shall be fewer. */
interface Cause {
  rule: ScalingRule;
  why: string;
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
  { least, starting, leaving, ...standing }: Standing & { least: number; starting: number; leaving: number },
  needed: Need,
): Decision {
  const { wanted, settings, memory, nowMs } = standing;
  const { downAfterMs } = settings;
  const kept = (rule: ScalingRule, text: string) => stay(standing, rule, needed, text);
  // After a restart of the scheduler its workers come back one by one, and what they hold is known only then.
  if (starting > 0) return kept('starting', `${starting} of ${wanted} are still starting`);
  const fewerMs = nowMs - fewerSince(memory.wishes, wanted);
  if (fewerMs < downAfterMs) {
    return kept('patience', `fewer than ${wanted} for ${seconds(fewerMs)} of ${seconds(downAfterMs)} s`);
  }
  const target = Math.max(highestWish(memory.wishes), least);
  const why = `${needed.why}; at most ${target} needed within ${seconds(downAfterMs)} s`;
  return lower({ ...standing, target, leaving }, { rule: needed.rule, why });
}

/** Tells workers to go, when those that were told before are gone, and as far as the pace allows. */
function lower(
  { target, leaving, ...standing }: Standing & { target: number; leaving: number },
  cause: Cause,
): Decision {
  const { wanted, settings, memory, nowMs } = standing;
  const { downPerMinute } = settings;
  const kept = (rule: ScalingRule, text: string) => stay(standing, rule, cause, text);
  if (leaving > 0) return kept('draining', `${leaving} are leaving, and others wait for them`);
  const by = Math.min(wanted - target, downPerMinute - changed(memory, -1));
  if (by <= 0) return kept('pace', `${downPerMinute} were told to go within a minute, which is the most`);
  const left = wanted - by;
  const limit = left > target ? `, at most ${downPerMinute} fewer a minute` : '';
  const reason = `${cause.why}; down from ${wanted} to ${left}${limit}`;
  return { wanted: left, rule: cause.rule, reason, memory: withChange(memory, -by, nowMs) };
}

function stay(
  { wanted, memory }: Pick<Standing, 'wanted' | 'memory'>,
  rule: ScalingRule,
  { why }: Pick<Cause, 'why'>,
  text: string,
): Decision {
  return { wanted, rule, reason: `${why}; ${text}`, memory };
}

/** What can be done of what is needed: no more than the most, and some workers that don't come up are made up for. */
function possible({ workers, rule, why }: Need, overdue: number, max: number): Need {
  if (workers === 0) return { workers, rule, why };
  const spare = Math.min(overdue, Math.max(leastSpare, Math.ceil(workers * spareShare)));
  const late =
    overdue > 0 ? `; ${overdue} don't come up${spare < overdue ? `, ${spare}` : ' and'} are made up for` : '';
  const bound = workers + spare > max ? `; ${max} are the most` : '';
  return { workers: Math.min(workers + spare, max), rule, why: `${why}${late}${bound}` };
}

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}
