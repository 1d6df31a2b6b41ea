/** What was done with values over time or members: a part of a group's name, and a method of CF (appendix E) where there is one. */
export interface Statistic {
  group: string;
  method?: string;
}

/** Statistical processes (code table 4.10), their groups named as ecCodes names kinds of step. */
const processes: Record<number, Statistic> = {
  0: { group: 'avg', method: 'mean' },
  1: { group: 'accum', method: 'sum' },
  2: { group: 'max', method: 'maximum' },
  3: { group: 'min', method: 'minimum' },
  4: { group: 'diff' },
  5: { group: 'rms', method: 'root_mean_square' },
  6: { group: 'sd', method: 'standard_deviation' },
  7: { group: 'cov', method: 'variance' },
  8: { group: 'sdiff' },
  9: { group: 'ratio' },
  10: { group: 'stdanom' },
  11: { group: 'sum', method: 'sum' },
  100: { group: 'severity' },
  101: { group: 'mode', method: 'mode' },
  102: { group: 'index' },
};

/** A statistical process of code table 4.10; undefined for 255, which is none. */
export function statisticOf(code: number): Statistic | undefined {
  return code === 255 ? undefined : (processes[code] ?? { group: `process_${code}` });
}

/** Derived forecasts (code table 4.7): what was made of the members of an ensemble. */
const derived: Record<number, Statistic> = {
  0: { group: 'ensemble_mean', method: 'mean' },
  1: { group: 'ensemble_weighted_mean', method: 'mean' },
  2: { group: 'ensemble_sd_cluster', method: 'standard_deviation' },
  3: { group: 'ensemble_sd_normalized' },
  4: { group: 'ensemble_spread', method: 'standard_deviation' },
  5: { group: 'ensemble_anomaly_index' },
  6: { group: 'ensemble_cluster_mean', method: 'mean' },
  7: { group: 'ensemble_interquartile_range' },
  8: { group: 'ensemble_minimum', method: 'minimum' },
  9: { group: 'ensemble_maximum', method: 'maximum' },
  10: { group: 'ensemble_variance', method: 'variance' },
};

/** A derived forecast of code table 4.7. */
export function derivedOf(code: number): Statistic {
  return derived[code] ?? { group: `ensemble_derived_${code}` };
}
