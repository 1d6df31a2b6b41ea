import type { ParameterView, SliceHead } from '../../../src/explore/messages.ts';
import type { Frame } from '../api.ts';
import { formatValue, withUnits } from '../format.ts';
import type { GridCells, Plane } from './plane.ts';

/** A cell of the picture. */
export interface Cell {
  row: number;
  column: number;
}

const missingBits = 0x7fc00001;

/** What is at a cell, in words: its place and its value. */
export function readOut(
  { head, bits }: Frame<SliceHead>,
  { row, column }: Cell,
  { units, dimensions, grid }: ParameterView,
  cells: GridCells | undefined,
): string {
  const cell = row * head.columns + column;
  const value = new Float32Array(bits.buffer, bits.byteOffset, bits.length)[cell];
  const text =
    bits[cell] === missingBits
      ? 'missing'
      : Number.isNaN(value)
        ? 'NaN'
        : withUnits(formatValue(value), units);
  if (cells !== undefined) {
    const [longitude, latitude] = cells.placeOf(cell);
    return `${degrees(latitude, 'N', 'S')} ${degrees(wrapped(longitude), 'E', 'W')}: ${text}`;
  }
  const names = [dimensions[grid?.rows ?? 0], dimensions[grid?.columns ?? 1]];
  const indices = [row * head.step, column * head.step];
  const place = names.map(({ name, texts }, i) => `${name} ${texts[indices[i]] ?? `#${indices[i]}`}`);
  return `${place.join(', ')}: ${text}`;
}

/** The neighbour of a cell that an arrow key leads to, as the picture is seen; undefined for other keys. */
export function moveCell(
  { row, column }: Cell,
  key: string,
  { rows, columns }: SliceHead,
  plane: Plane,
): Cell | undefined {
  const down = rowDirection(plane, columns, rows);
  const steps: Record<string, [number, number]> = {
    ArrowUp: [-down, 0],
    ArrowDown: [down, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const within = (index: number, count: number) => Math.max(0, Math.min(count - 1, index));
  return { row: within(row + step[0], rows), column: within(column + step[1], columns) };
}

/** 1 where later rows are further down on the screen, -1 where they are further up. */
function rowDirection(plane: Plane, columns: number, rows: number): number {
  const middle = columns >> 1;
  const [first, last] = [plane.middleOf(middle), plane.middleOf((rows - 1) * columns + middle)];
  return first !== undefined && last !== undefined && last[1] < first[1] ? -1 : 1;
}

function wrapped(longitude: number): number {
  return longitude - 360 * Math.round(longitude / 360);
}

function degrees(value: number, positive: string, negative: string): string {
  return `${Math.abs(value).toFixed(2)}°${value < 0 ? negative : positive}`;
}
