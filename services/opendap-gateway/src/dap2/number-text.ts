import type { DapType } from '../model/dap-type.ts';

/** Above this, floating-point numbers are written with an exponent. */
const longest = 1e15;

/**
 * A number in as few digits as give it back in its type. Floating-point numbers always have a point or an exponent: netCDF
 * clients read digits alone as a 64-bit integer, which large numbers pass.
 */
export function numberText(value: number | bigint, type: DapType): string {
  if (typeof value === 'bigint') return value.toString();
  if (type !== 'Float32' && type !== 'Float64') return String(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const short = type === 'Float32' ? shortFloat32(value) : value;
  if (Math.abs(short) >= longest) return short.toExponential();
  const text = Object.is(short, -0) ? '-0' : String(short);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The double with the fewest digits that rounds to the same float32. */
function shortFloat32(value: number): number {
  const exact = Math.fround(value);
  // toPrecision drops the sign of zero.
  if (exact === 0) return exact;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(exact.toPrecision(digits));
    if (Math.fround(short) === exact) return short;
  }
  return Number(exact.toPrecision(9));
}
