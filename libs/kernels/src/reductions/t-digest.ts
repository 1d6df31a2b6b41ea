import { between } from './between.ts';

/*
 * The merging t-digest of Dunning and Ertl ("Computing extremely accurate quantiles using t-digests", 2019), with the scale
 * function k1: centroids are small at both ends of the distribution, and there are at most `mostCentroids` of them.
 */

/** The paper's δ. Over two neighbours the scale function grows by more than 1, and in all by δ / 2. */
const compression = 100;
/** With two more for infinities, which are not joined with numbers. */
export const mostCentroids = compression + 2;

/** The first `count` centroids are in ascending order of their means; `least` and `most` are of the values that they stand for. */
export interface Digest {
  means: Float64Array;
  weights: Float64Array;
  count: number;
  least: number;
  most: number;
}

export function createDigest(room: number): Digest {
  const [means, weights] = [new Float64Array(room), new Float64Array(room)];
  return { means, weights, count: 0, least: Infinity, most: -Infinity };
}

/** Both digests as one, of all their centroids; those of `a` come first where they are equal. */
export function mergeSorted(a: Digest, b: Digest, into: Digest): void {
  let i = 0;
  let j = 0;
  let k = 0;
  while (i < a.count || j < b.count) {
    const fromA = j >= b.count || (i < a.count && a.means[i] <= b.means[j]);
    into.means[k] = fromA ? a.means[i] : b.means[j];
    into.weights[k++] = fromA ? a.weights[i++] : b.weights[j++];
  }
  into.count = k;
  into.least = Math.min(a.least, b.least);
  into.most = Math.max(a.most, b.most);
}

/** Joins neighbours, in place, until there are at most `mostCentroids`; the fewer stay as they are. */
export function compress(digest: Digest): void {
  if (digest.count <= mostCentroids) return;
  const { means, weights } = digest;
  let total = 0;
  for (let i = 0; i < digest.count; i++) total += weights[i];
  let last = 0;
  let before = 0;
  let limit = total * quantileAfter(0);
  for (let i = 1; i < digest.count; i++) {
    const weight = weights[last] + weights[i];
    // Equal means stay what they are, infinite ones too.
    const isEqual = means[i] === means[last];
    if (before + weight <= limit && (isEqual || Number.isFinite(means[i] - means[last]))) {
      if (!isEqual) means[last] += (means[i] - means[last]) * (weights[i] / weight);
      weights[last] = weight;
    } else {
      before += weights[last];
      limit = total * quantileAfter(before / total);
      last++;
      means[last] = means[i];
      weights[last] = weights[i];
    }
  }
  digest.count = last + 1;
}

const step = (2 * Math.PI) / compression;
const [sine, cosine] = [Math.sin(step), Math.cos(step)];

/** The quantile at which the scale function k1, which is δ / 2π · asin(2q - 1), is 1 more than at this one. */
function quantileAfter(quantile: number): number {
  const x = 2 * quantile - 1;
  if (x >= cosine) return 1;
  // sin(asin(x) + step)
  return (x * cosine + Math.sqrt(1 - x * x) * sine + 1) / 2;
}

/**
 * The quantile, from 0 to 1. A centroid stands for as many neighbours in rank as it weighs, its mean for the middle one;
 * between them it is linear. So where all weigh 1 it is that of numpy's linear method.
 */
export function quantileOf({ means, weights, count, least, most }: Digest, quantile: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[i];
  const rank = quantile * (total - 1);
  let lowRank = 0;
  let low = least;
  let begin = 0;
  for (let i = 0; i < count; i++) {
    const middle = begin + (weights[i] - 1) / 2;
    if (rank <= middle) return interpolate(lowRank, low, middle, means[i], rank);
    lowRank = middle;
    low = means[i];
    begin += weights[i];
  }
  return interpolate(lowRank, low, total - 1, most, rank);
}

function interpolate(x0: number, y0: number, x1: number, y1: number, x: number): number {
  if (x === x1) return y1;
  return x === x0 ? y0 : between(y0, y1, (x - x0) / (x1 - x0));
}
