import type { ComputedArray } from '@hyperslab/client';

/** A small result with times, a masked value and bounds. */
export function computedArray(): ComputedArray {
  return {
    name: 'mean(t, level)',
    dtype: 'float32',
    units: 'K',
    dimensions: ['time', 'x'],
    shape: [2, 3],
    values: Float32Array.of(1, 2, 3, 4, Number.NaN, 6),
    mask: Uint8Array.of(0, 1, 0, 0, 0, 0),
    missing: 1,
    nan: 1,
    attributes: [],
    coordinates: [
      {
        name: 'time',
        dimensions: ['time'],
        units: 'hours since 2026-11-22',
        calendar: 'standard',
        standardName: 'time',
        axis: 'T',
        dtype: 'float64',
        shape: [2],
        values: Float64Array.of(0, 6.5),
        bounds: { dtype: 'float64', shape: [2, 2], values: Float64Array.of(-1, 0, 5.5, 6.5) },
      },
      {
        name: 'station',
        dimensions: ['x'],
        units: '',
        calendar: '',
        standardName: '',
        axis: '',
        dtype: 'string',
        shape: [3],
        values: ['a,b', 'c', 'd"e'],
      },
    ],
  };
}
