import type { Parameter } from './parameters.ts';
import { randomStream } from './random.ts';
import { type FieldKey, forEachRow } from './wave-field.ts';

/** Stored number of what lies below the ground. */
export const packedFill = -32768;
const largestPacked = 32000;
/** Levels that reach the mountain; packed parameters have no values in it. */
const levelsInOrography = 2;

/** Values of a parameter on one level as they are stored, row-major. */
export function levelValues(
  parameter: Parameter,
  pressure: number,
  key: FieldKey,
  [rows, columns]: readonly [number, number],
): Float32Array | Int16Array {
  const base = (parameter.base(pressure) - (parameter.packedOffset ?? 0)) / parameter.quantum;
  const random = randomStream(key.seed, key.parameter, key.step, key.level, 2);
  const noise = new Float32Array(columns);
  const isPacked = parameter.packedOffset !== undefined;
  const stored = isPacked ? new Int16Array(rows * columns) : new Float32Array(rows * columns);
  forEachRow(key, [rows, columns], (row, field) => {
    random.fillBell(noise);
    const line = stored.subarray(row * columns, (row + 1) * columns);
    if (line instanceof Int16Array) packRow(parameter, base, field, noise, line);
    else roundRow(parameter, base, field, noise, line);
  });
  if (isPacked && key.level < levelsInOrography) cutMountain(stored, key.level, rows, columns);
  return stored;
}

/** Numbers of quanta. */
function packRow(
  { amplitude, noise, quantum }: Parameter,
  base: number,
  field: Float32Array,
  noises: Float32Array,
  line: Int16Array,
): void {
  const [waveScale, noiseScale] = [amplitude / quantum, noise / quantum];
  for (let x = 0; x < line.length; x++) {
    const whole = Math.floor(base + field[x] * waveScale + noises[x] * noiseScale + 0.5);
    line[x] = Math.max(-largestPacked, Math.min(largestPacked, whole));
  }
}

/** Multiples of the quantum. A loop of its own: with both types in one, the compiler makes neither fast. */
function roundRow(
  { amplitude, noise, quantum }: Parameter,
  base: number,
  field: Float32Array,
  noises: Float32Array,
  line: Float32Array,
): void {
  const [waveScale, noiseScale] = [amplitude / quantum, noise / quantum];
  for (let x = 0; x < line.length; x++)
    line[x] = Math.floor(base + field[x] * waveScale + noises[x] * noiseScale + 0.5) * quantum;
}

/** A round mountain, narrower on the higher level. */
function cutMountain(stored: Float32Array | Int16Array, level: number, rows: number, columns: number): void {
  const radius = rows * (0.12 - 0.04 * level);
  for (let row = 0; row < rows; row++) {
    const y = row - rows * 0.4;
    for (let column = 0; column < columns; column++) {
      const x = column - columns * 0.6;
      if (x * x + y * y < radius * radius) stored[row * columns + column] = packedFill;
    }
  }
}
