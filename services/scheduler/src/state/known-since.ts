import { maskingSince, operationsSince, productsSince, protocolVersions } from '@hyperslab/rpc';

/**
 * The names that plans have, by the version of the protocol from which on all workers know them. Kernels are no measure of that: a worker that lacks an
 * operation computes all others to the same bit. Whoever adds a name, or a parameter that workers did not heed before, raises
 * `protocolVersions.newest` for it, unless that one was not released yet.
 */
export const knownSince = {
  functions: bySpaces(
    [
      protocolVersions.oldest,
      '+ - * / ^ < <= > >= == != && || ! negate abs minimum maximum floor ceil round sqrt exp log log10 sin cos tan asin acos ' +
        'atan atan2 isnan where',
    ],
    [maskingSince, 'is_missing fill_missing'],
  ),
  reductions: bySpaces(
    [protocolVersions.oldest, 'mean sum min max std var count'],
    [
      operationsSince,
      'any all first last argmin argmax covariance correlation slope intercept median percentile approximate_percentile ' +
        'histogram weighted_mean weighted_sum weighted_std weighted_var',
    ],
    [productsSince, 'prod'],
  ),
  operations: bySpaces(
    [
      operationsSince,
      'cast columns cumulate diff expand interpolate lookup part reduce-here regrid rolling take time-part transpose',
    ],
    [productsSince, 'regrid-second-order'],
  ),
};

function bySpaces(...versions: readonly (readonly [number, string])[]): ReadonlyMap<string, number> {
  return new Map(
    versions.flatMap(([version, names]) => names.split(' ').map((name) => [name, version] as const)),
  );
}
