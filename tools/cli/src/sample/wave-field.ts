import { randomStream } from './random.ts';

/** Which field: numbers of the parameter, the forecast step and the level. */
export interface FieldKey {
  seed: number;
  parameter: number;
  step: number;
  level: number;
}

/** Waves of a field, from long to short. */
const waveCount = 5;
/** Cells between the points of the mesoscale noise. */
const mesoscale = 8;
const mesoscaleAmplitude = 0.08;

/**
 * Calls with each row of a smooth field of about unit height: long waves that travel with the steps and tilt with
 * height, and noise of eight cells' width. The row is reused.
 */
export function forEachRow(
  key: FieldKey,
  [rows, columns]: readonly [number, number],
  take: (row: number, values: Float32Array) => void,
): void {
  const waves = wavesOf(key);
  const alongRow = waves.map((wave) => sample(columns, (x) => Math.cos(wave.frequencyX * x + wave.phaseX)));
  const alongColumn = waves.map((wave) =>
    sample(rows, (y) => Math.sin(wave.frequencyY * y + wave.phaseY) * wave.height),
  );
  const [b0, b1, b2, b3, b4] = alongRow;
  const noise = coarseNoise(key, rows, columns);
  const values = new Float32Array(columns);
  for (let row = 0; row < rows; row++) {
    const [a0, a1, a2, a3, a4] = alongColumn.map((column) => column[row]);
    const coarse = noise(row);
    for (let x = 0; x < columns; x++) {
      const cell = x >>> 3;
      const left = coarse[cell];
      const local = left + (coarse[cell + 1] - left) * ((x & 7) / mesoscale);
      values[x] = a0 * b0[x] + a1 * b1[x] + a2 * b2[x] + a3 * b3[x] + a4 * b4[x] + local;
    }
    take(row, values);
  }
}

function wavesOf({ seed, parameter, step, level }: FieldKey) {
  const random = randomStream(seed, parameter);
  return Array.from({ length: waveCount }, (_, i) => {
    const number = i + 1;
    return {
      frequencyY: number * (0.5 + 3 * random.uniform()),
      frequencyX: number * (0.5 + 3 * random.uniform()),
      phaseY: 2 * Math.PI * random.uniform() + 0.15 * step + 0.2 * level,
      phaseX: 2 * Math.PI * random.uniform() - 0.22 * step,
      height: 1 / (1.2 * number),
    };
  });
}

/** A function of [0, 2π] at `count` even distances. */
function sample(count: number, f: (position: number) => number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => f((2 * Math.PI * i) / Math.max(1, count - 1)));
}

/** Noise on every eighth cell, interpolated between rows; each call answers the same array. */
function coarseNoise({ seed, parameter, step, level }: FieldKey, rows: number, columns: number) {
  const width = Math.ceil(columns / mesoscale) + 1;
  const height = Math.ceil(rows / mesoscale) + 1;
  const random = randomStream(seed, parameter, step, level, 1);
  const points = Float32Array.from({ length: width * height }, () => random.bell() * mesoscaleAmplitude);
  const line = new Float32Array(width);
  return (row: number) => {
    const above = Math.floor(row / mesoscale) * width;
    const weight = (row % mesoscale) / mesoscale;
    for (let i = 0; i < width; i++)
      line[i] = points[above + i] * (1 - weight) + points[above + width + i] * weight;
    return line;
  };
}
