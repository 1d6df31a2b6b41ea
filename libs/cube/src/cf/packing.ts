import { isBigInt, isFloat, isNumeric, type NumericType } from '@hyperslab/array';
import { promote } from '@hyperslab/kernels';
import type { Packing } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { findAttribute, integersAttribute, numbersAttribute, textAttribute } from './attributes.ts';
import { defaultFillInteger, defaultFillNumber } from './default-fill.ts';

/** Attributes that a Packing says in full: they mean nothing beside unpacked values. */
export const packingAttributes: ReadonlySet<string> = new Set([
  '_FillValue',
  'missing_value',
  'valid_min',
  'valid_max',
  'valid_range',
  'scale_factor',
  'add_offset',
  '_Unsigned',
]);

/**
 * How the stored numbers of a variable become physical ones, and which stand for nothing (CF conventions, sections 2.5.1
 * and 8.1). `format` is the file's: without `_FillValue`, netCDF files have default fill values, other HDF5 files don't. Data sets of
 * OPeNDAP servers have them as netCDF's own clients of these take it.
 */
export function packingOf(variable: IndexedVariable, format: string): Packing {
  const { dtype, attributes } = variable;
  const packing: Packing = {
    missingValues: [],
    missingIntegers: [],
    unpackedDtype: dtype,
    readUnsigned: textAttribute(attributes, '_Unsigned')?.toLowerCase() === 'true' && /^int\d+$/.test(dtype),
  };
  setUnwritten(packing, variable, format);
  if (!isNumeric(dtype)) return packing;
  if (packing.readUnsigned) packing.unpackedDtype = `u${dtype}`;
  setScale(packing, variable, dtype);
  setMissing(packing, variable, format);
  setValidRange(packing, variable);
  return packing;
}

function setScale(packing: Packing, { attributes }: IndexedVariable, dtype: NumericType): void {
  const scale = findAttribute(attributes, 'scale_factor');
  const offset = findAttribute(attributes, 'add_offset');
  packing.scaleFactor = numbersAttribute(attributes, 'scale_factor')?.[0];
  packing.addOffset = numbersAttribute(attributes, 'add_offset')?.[0];
  if (packing.scaleFactor === undefined && packing.addOffset === undefined) return;
  const types = [scale, offset].filter((attribute) => attribute !== undefined).map(({ dtype }) => dtype);
  const float = types.every((type) => type === 'float32') ? 'float32' : 'float64';
  packing.unpackedDtype = isFloat(dtype) ? promote(dtype, float) : float;
}

function setMissing(
  packing: Packing,
  { dtype, attributes, ...variable }: IndexedVariable,
  format: string,
): void {
  for (const name of ['_FillValue', 'missing_value']) {
    if (isBigInt(dtype)) {
      for (const value of integersAttribute(attributes, name) ?? []) addInteger(packing, value);
    } else {
      for (const value of numbersAttribute(attributes, name) ?? []) addNumber(packing, stored(value, dtype));
    }
  }
  const isByte = dtype === 'int8' || dtype === 'uint8';
  if (findAttribute(attributes, '_FillValue') !== undefined || isByte || !hasDefaultFill(format)) return;
  // A netCDF-4 variable in whose file no fill value stands was made with NC_NOFILL: the library masks nothing in it.
  const noFill = variable.fillValue === undefined && variable.fillInteger === undefined;
  if (format === 'netcdf4' && noFill) return;
  const integer = defaultFillInteger(dtype);
  if (integer === undefined) addNumber(packing, defaultFillNumber(dtype));
  else addInteger(packing, BigInt(integer));
}

function hasDefaultFill(format: string): boolean {
  return format.startsWith('netcdf') || format === 'dap2' || format === 'dap4';
}

function setValidRange(packing: Packing, { dtype, attributes }: IndexedVariable): void {
  const range = numbersAttribute(attributes, 'valid_range');
  const usable = (value: number | undefined) => (value === undefined ? undefined : stored(value, dtype));
  packing.validMin = usable(range?.length === 2 ? range[0] : numbersAttribute(attributes, 'valid_min')?.[0]);
  packing.validMax = usable(range?.length === 2 ? range[1] : numbersAttribute(attributes, 'valid_max')?.[0]);
}

/** What an unwritten chunk holds: the format's fill value, else `_FillValue`, else the default fill of netCDF. */
function setUnwritten(packing: Packing, variable: IndexedVariable, format: string): void {
  const { dtype, attributes, fillValue, fillInteger } = variable;
  const isNetcdf = format.startsWith('netcdf');
  if (isBigInt(dtype)) {
    packing.unwrittenInteger =
      fillInteger ??
      (fillValue === undefined ? undefined : String(BigInt(fillValue))) ??
      integersAttribute(attributes, '_FillValue')?.[0]?.toString() ??
      (isNetcdf ? defaultFillInteger(dtype) : undefined);
  } else {
    packing.unwrittenValue =
      fillValue ??
      numbersAttribute(attributes, '_FillValue')?.[0] ??
      (isNetcdf ? defaultFillNumber(dtype) : undefined);
  }
}

function addNumber(packing: Packing, value: number | undefined): void {
  if (value === undefined || packing.missingValues.some((known) => Object.is(known, value))) return;
  packing.missingValues.push(value);
}

function addInteger(packing: Packing, value: bigint): void {
  const number = Number(value);
  if (Number.isSafeInteger(number)) addNumber(packing, number);
  else if (!packing.missingIntegers.includes(String(value))) packing.missingIntegers.push(String(value));
}

const widths: Record<string, number> = { int8: 8, uint8: 8, int16: 16, uint16: 16, int32: 32, uint32: 32 };

/**
 * An attribute's number as one of the stored type: an attribute may be wider than the variable (a double 1e20 beside
 * floats). Undefined when the type can't hold it, so that nothing stored can equal it. The limits are those of both
 * signs, since `_Unsigned` variables state their fill value in either.
 */
function stored(value: number, dtype: string): number | undefined {
  if (dtype === 'float32') return Math.fround(value);
  const bits = widths[dtype];
  if (bits === undefined) return value;
  return Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value < 2 ** bits ? value : undefined;
}

/** A text that is equal for equal packings, also of numbers that JSON does not tell apart. */
export function packingKey(packing: Packing): string {
  const exact = (_: string, value: unknown) =>
    Object.is(value, -0) || Number.isNaN(value) || Math.abs(value as number) === Infinity
      ? String(value)
      : value;
  return JSON.stringify(packing, exact);
}
