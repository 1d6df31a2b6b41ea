const holes = 'where(t > 250, q, interpolate(q, latitude=[0, 91], method=linear)[latitude=#1])';
const parts = ['year', 'month', 'season', 'day', 'dayofyear', 'weekday', 'hour', 'minute', 'second'];
const low = '[pressure=850]';

/**
 * Every operation, in the ways that it is computed in, on a sample run; "fields" is what `writeFields` writes, "early" and "late" are
 * forecasts of `writeMember`, the second of which begins within the first.
 */
export const everyOperation: readonly string[] = [
  // Reductions.
  'std(t - mean(t, time), time)',
  'mean(w, time, latitude, longitude, weights=area)',
  `std(t, latitude, longitude, weights=area)`,
  'var(q, time, longitude, weights=rh)',
  `mean(${holes})`,
  holes,
  'percentile(t, [10, 50, 90], time)',
  'percentile(z, 90, time, method=tdigest)',
  'percentile(u, 75, latitude, longitude, method=tdigest)',
  'median(q, pressure)',
  'trend(t, time)',
  'correlation(t, q, time, longitude)',
  'covariance(t, rh, time, latitude, ddof=1)',
  'histogram(t, [200, 220, 240, 260, 280, 300], time)',
  'argmax(u, pressure) - argmin(v, pressure)',
  'idxmax(t, time) - idxmin(t, time)',
  'max(t, time) - min(t, time)',
  'first(u, time) * last(v, time)',
  'any(t > 280, time) + all(t > 250, time) + count(where(t > 270, t), time)',
  'prod(1 + rh / 10000, time)',
  'sum(sqrt(u^2 + v^2))',
  // In groups.
  'group(t, mean, time=month)',
  'group(w, percentile, time=hour, percentile=[10, 90])',
  'anomaly(q, time=hour)',
  'climatology(rh, time=hour)',
  'resample(t, mean, time=5h)',
  `resample(u${low}, std, time=7h, ddof=1)`,
  'coarsen(v, mean, latitude=4, longitude=3, boundary=trim, weights=area)',
  'coarsen(q, var, time=5, boundary=pad)',
  // Between points.
  'regrid(t, step=3, method=conservative)',
  'regrid(u, step=3, method=conservative2)',
  'regrid(u, step=2.5)',
  `regrid(v${low}, latitude=[60.3, 49.9], longitude=[-8.2, 0.1, 5.7], method=nearest)`,
  `regrid(t${low}, like="fields:t", method=bilinear)`,
  `regrid(rh${low}, like="fields:t", method=nearest)`,
  'regrid("fields:t", latitude=[49, 52, 55], longitude=[-8, -2, 1], method=bilinear)',
  'points(t, latitude=[50.2, 55.7, 61.3], longitude=[-10.1, 0.4, 7.9])',
  'points(q, latitude=[50.2, 55.7], longitude=[-10.1, 0.4], method=nearest)',
  'interpolate(z, pressure=[940, 610], method=log)',
  'interpolate(u, time=[459820.3, 459822.9], longitude=[-3.3, 4.1])',
  'interpolate(q, pressure=[260, 280], onto=t)',
  // Along dimensions.
  'rolling(t, std, time=5, center=true)',
  `rolling(rh${low}, median, time=4, min_periods=2)`,
  'cumsum(q, time)',
  `cumprod(1 + rh${low} / 10000, time)`,
  'cummin(t, pressure)',
  'cummax(w, time)',
  'diff(z, time, n=2)',
  'transpose(t, longitude, latitude, pressure, time)',
  // Of several.
  'best("early:t", "late:t")',
  `concat(w${low}[time=#0:#3], w${low}[time=#3:], along=time)`,
  'mean(stack(u, v, wind=[1, 2]), time)',
  'max(ensemble(u, v), realization)',
  `squeeze(expand(t${low}, member=[1])) * (${parts.map((part) => `${part}(time)`).join(' + ')})`,
];
