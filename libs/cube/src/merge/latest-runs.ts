/** Forecasts of one run that one array has. Two of its times are never one, however near. */
export interface ForecastSeries {
  /** The start of the run, in units that all series share. */
  run: number;
  /** The valid times, in units that all share; NaN where there is none. */
  times: ArrayLike<number>;
  /** How far they may be from a time of others that is the same: what rounding left of them. */
  tolerance: number;
}

/**
 * For each forecast of each series its place among all valid times, in order, if no later run is for the same time; -1 where one is, and
 * where there is no time. Two of one run for one time have one place: a conflict, which is the caller's to tell.
 *
 * @param runTolerance how far starts may be apart that are one
 */
export function placesOfLatest(series: readonly ForecastSeries[], runTolerance: number): Int32Array[] {
  const runs = ranks(
    series.map(({ run }) => run),
    runTolerance,
  );
  const places = series.map(({ times }) => new Int32Array(times.length).fill(-1));
  const latest: number[] = [];
  const spacings = series.map(({ times }) => smallestSpacing(times));
  let start = { time: Number.NaN, from: 0 };
  let members = new Map<number, number>();
  for (const { from, at, time } of inOrder(series)) {
    const tolerance = Math.max(series[from].tolerance, series[start.from].tolerance);
    const isNear = time - start.time <= Math.min(tolerance, spacings[from] / 4, spacings[start.from] / 4);
    if (!isNear || (members.get(from) ?? time) !== time) {
      latest.push(-1);
      start = { time, from };
      members = new Map();
    }
    members.set(from, time);
    const place = latest.length - 1;
    latest[place] = Math.max(latest[place], runs[from]);
    places[from][at] = place;
  }
  return places.map((own, from) => own.map((place) => (latest[place] === runs[from] ? place : -1)));
}

/** All forecasts that have a time, by their times. */
function* inOrder(series: readonly ForecastSeries[]): Generator<{ from: number; at: number; time: number }> {
  const firsts = new Uint32Array(series.length + 1);
  for (const [from, { times }] of series.entries()) firsts[from + 1] = firsts[from] + times.length;
  const all = new Float64Array(firsts[series.length]);
  const owners = new Uint32Array(all.length);
  for (const [from, { times }] of series.entries()) {
    all.set(times, firsts[from]);
    owners.fill(from, firsts[from], firsts[from + 1]);
  }
  const known = Uint32Array.from(all.keys()).filter((cell) => !Number.isNaN(all[cell]));
  for (const cell of known.sort((a, b) => all[a] - all[b]))
    yield { from: owners[cell], at: cell - firsts[owners[cell]], time: all[cell] };
}

function smallestSpacing(times: ArrayLike<number>): number {
  const sorted = Float64Array.from(times).sort();
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++)
    if (sorted[i] > sorted[i - 1]) smallest = Math.min(smallest, sorted[i] - sorted[i - 1]);
  return smallest;
}

/** The rank of each number, of which those that are hardly apart have one. */
function ranks(numbers: readonly number[], tolerance: number): number[] {
  const found = new Array<number>(numbers.length);
  let [rank, start] = [-1, Number.NaN];
  for (const i of [...numbers.keys()].sort((a, b) => numbers[a] - numbers[b])) {
    if (!(numbers[i] - start <= tolerance)) [rank, start] = [rank + 1, numbers[i]];
    found[i] = rank;
  }
  return found;
}
