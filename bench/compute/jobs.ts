/** A computation that all contestants do on the same files. */
export interface Job {
  title: string;
  /** What we compute, in the expression language: one expression for each array of the result, all at once. */
  expressions: readonly string[];
  /** Parameters that are read, and which part of the chunks of each. */
  reads: Readonly<Record<string, number>>;
}

/** All parameters of the run, by name. */
const all = ['cl', 'q', 'rh', 't', 'u', 'v', 'w', 'z'] as const;

/** A grid cell weighs what its area does; what is missing weighs nothing. */
function areaMean(parameter: string): string {
  return `mean(${parameter}, latitude, longitude, weights=cos(convert(latitude, "radian")))`;
}

/** By the names that `peer.py` has for them. A job that the language learns to say needs its line here only. */
export const jobs: Readonly<Record<string, Job>> = {
  time_mean: { title: 'mean over time', expressions: ['mean(t, time)'], reads: { t: 1 } },
  area_mean_all: {
    title: 'area means of all parameters',
    expressions: all.map(areaMean),
    reads: Object.fromEntries(all.map((parameter) => [parameter, 1])),
  },
  lev_max: { title: 'maximum over levels', expressions: ['max(u, pressure)'], reads: { u: 1 } },
  point_series: {
    title: 'series at a point',
    // The peers look for the point nearest to 51.5 N, 0.1 W; here it is named by its indices.
    expressions: ['t[pressure=#0, latitude=#216, longitude=#496]'],
    // One chunk of the 40 of each file.
    reads: { t: 1 / 40 },
  },
  anom_std: {
    title: 'standard deviation of anomalies',
    expressions: ['std(z - mean(z, time), time)'],
    reads: { z: 1 },
  },
  coarsen4: {
    title: 'means of 4 × 4 points',
    expressions: ['coarsen(t, mean, latitude=4, longitude=4)'],
    reads: { t: 1 },
  },
  wind_max: {
    title: 'maximum of wind speed over time',
    expressions: ['max(sqrt(u^2 + v^2), time)'],
    reads: { u: 1, v: 1 },
  },
};

/** Those that are done on persisted parameters: area means of all of them are more than the peers' memory has room for beside ours. */
export const onPersisted: readonly string[] = [
  'time_mean',
  'lev_max',
  'point_series',
  'anom_std',
  'wind_max',
];
