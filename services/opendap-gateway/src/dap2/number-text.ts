import type { DapType } from '../model/dap-type.ts';

/** A number in as few digits as give it back in its type. */
export function numberText(value: number | bigint, type: DapType): string {
  if (typeof value === 'bigint') return value.toString();
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0';
  return type === 'Float32' ? shortFloat32(value) : String(value);
}

function shortFloat32(value: number): string {
  const exact = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = exact.toPrecision(digits);
    if (Math.fround(Number(text)) === exact) return String(Number(text));
  }
  return String(Number(exact.toPrecision(9)));
}
