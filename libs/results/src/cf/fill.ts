import {
  type DataType,
  defaultFill,
  isBigInt,
  isFloat,
  type MaskedArray,
  type NumericValues,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { ResultBox } from '../result.ts';

/** What stands for missing values of a type in a file. */
export type Fill = number | bigint;

/**
 * The number that is written where values are missing: the one that was asked for, else netCDF's own for the type, which
 * readers know even without the attribute.
 * @throws HyperslabError INVALID_ARGUMENT for a number that the type does not hold
 */
function fillFor(dtype: Exclude<DataType, 'string'>, asked?: number): Fill {
  if (asked === undefined) return defaultFill[dtype];
  const fits = isFloat(dtype)
    ? dtype === 'float64' || Number.isFinite(Math.fround(asked)) === Number.isFinite(asked)
    : Number.isSafeInteger(asked) && holds(dtype, asked);
  if (!fits)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `fill value ${asked}: is no ${dtype}; choose one that it holds`,
    );
  if (dtype === 'float32') return Math.fround(asked);
  return isBigInt(dtype) ? BigInt(asked) : asked;
}

function holds(dtype: string, value: number): boolean {
  const bits = Number(/\d+$/.exec(dtype)?.[0] ?? 8);
  const isUnsigned = dtype.startsWith('u') || dtype === 'char';
  const [least, most] = isUnsigned ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  return value >= least && value <= most;
}

/** The attribute that tells it. */
export function fillAttribute(dtype: string, fill: Fill): Attribute {
  const attribute = { name: '_FillValue', dtype, strings: [], numbers: [], integers: [] };
  if (typeof fill === 'bigint') return { ...attribute, integers: [String(fill)] };
  return dtype === 'char'
    ? { ...attribute, strings: [String.fromCharCode(fill)] }
    : { ...attribute, numbers: [fill] };
}

/** Values with a fill value where they are missing, and the attribute that says so; as they are when nothing is. */
export function fillMissing({ dtype, values, mask }: MaskedArray): {
  values: MaskedArray['values'];
  attributes: Attribute[];
} {
  if (mask === undefined || !mask.includes(1)) return { values, attributes: [] };
  if (Array.isArray(values)) return { values: withoutMissingTexts(values, mask), attributes: [] };
  const fill = fillFor(dtype as Exclude<DataType, 'string'>);
  return { values: filled(values, mask, fill), attributes: [fillAttribute(dtype, fill)] };
}

/** Fills the boxes of one variable, and counts what is in them. */
export class Filling {
  readonly fill: Fill | undefined;
  /** Values that are missing, and others that are NaN. */
  missing = 0;
  nan = 0;
  /** Whether a value that is not missing is the fill value. */
  collides = false;
  readonly #name: string;

  /** @param name of the variable, for messages */
  constructor(name: string, dtype: DataType, asked?: number) {
    this.#name = name;
    this.fill = dtype === 'string' ? undefined : fillFor(dtype, asked);
  }

  /** Values of a box as they are written. */
  take({ dtype, values, mask }: ResultBox): MaskedArray['values'] {
    const isMasked = mask?.includes(1) ?? false;
    if (mask !== undefined && isMasked) for (let i = 0; i < mask.length; i++) this.missing += mask[i];
    if (Array.isArray(values)) return isMasked ? withoutMissingTexts(values, mask!) : values;
    if (isFloat(dtype)) this.#countNaN(values as Float64Array, mask);
    // NaN equals nothing that is looked for, but readers take each for missing.
    this.collides ||= Number.isNaN(this.fill)
      ? this.nan > 0
      : occurs(values, isMasked ? mask : undefined, this.fill!);
    return isMasked ? filled(values, mask!, this.fill!) : values;
  }

  /** Takes over what another has counted. */
  add({ missing, nan, collides }: Pick<Filling, 'missing' | 'nan' | 'collides'>): void {
    this.missing += missing;
    this.nan += nan;
    this.collides ||= collides;
  }

  /**
   * Whether the file must tell the fill value. Throws INVALID_ARGUMENT when a value that is not missing would read as
   * missing.
   */
  isNeeded(): boolean {
    if (this.missing === 0) return false;
    if (this.collides)
      throw new HyperslabError(
        'INVALID_ARGUMENT',
        `"${this.#name}": ${this.fill} is one of its values, and was to stand for missing ones; choose another fill value`,
        { variable: this.#name, fill: String(this.fill) },
      );
    return true;
  }

  #countNaN(values: Float32Array | Float64Array, mask: Uint8Array | undefined): void {
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]) && mask?.[i] !== 1) this.nan++;
  }
}

function occurs(values: NumericValues, mask: Uint8Array | undefined, fill: Fill): boolean {
  let at = (values as Float64Array).indexOf(fill as never);
  while (at >= 0 && mask?.[at] === 1) at = (values as Float64Array).indexOf(fill as never, at + 1);
  return at >= 0;
}

function filled(values: NumericValues, mask: Uint8Array, fill: Fill): NumericValues {
  const copy = values.slice() as NumericValues;
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) copy[i] = fill as never;
  return copy;
}

function withoutMissingTexts(values: readonly string[], mask: Uint8Array): string[] {
  return values.map((text, i) => (mask[i] === 1 ? '' : text));
}
