import { createHash, hash } from 'node:crypto';
import {
  allocateValues,
  copyRegion,
  decodeArray,
  elementCount,
  encodeValues,
  isBigInt,
  isNumeric,
  type MaskedArray,
} from '@hyperslab/array';
import { unpack } from '@hyperslab/kernels';
import type { Attribute, Packing } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { arrayBlock } from '../array-block.ts';
import { attributesKey, textAttribute } from '../cf/attributes.ts';
import { packingKey, packingOf } from '../cf/packing.ts';
import { durationConversion, parseTimeUnits, timeConversion } from '../cf/time-units.ts';
import { normalUnits } from '../cf/units.ts';
import { isSilent } from './silent-attributes.ts';

/** One state of a variable whose values are known: a time coordinate of a run has one for each file, its grid one in all. */
export interface Content {
  file: number;
  path: string;
  variable: IndexedVariable;
  packing: Packing;
  /** From the values of this file to the units of the first one. */
  convert?: (value: number) => number;
  /** Units, as far as values are comparable: equal for all contents that `convert` made so. */
  unitsKey: string;
  attributesKey: string;
  kind: ContentKind;
}

/** What contents of one variable share in files of one structure. */
export interface ContentKind extends Pick<Content, 'path' | 'packing' | 'convert' | 'unitsKey'> {
  prefix: string;
  isGridMapping: boolean;
}

interface Reference {
  units: string;
  calendar: string;
  attributes: readonly Attribute[];
}

/**
 * Numbers what coordinates hold: equal numbers are equal values in equal units. A merge of a million pieces compares
 * these numbers, never values, so its time does not grow with the square of the pieces.
 */
export class ContentTable {
  #contents: Content[] = [];
  #numbers = new Map<string, number>();
  /** Contents of each variable by how they are stored, while that is one way. */
  #stored = new Map<string, { prefixes: Set<string>; contents: number[] }>();
  #references = new Map<string, Reference>();
  #decoded = new Map<number, MaskedArray>();

  /** How the values of a variable are numbered. `attributes` are its own with those it inherits as bounds. */
  kind(
    path: string,
    variable: IndexedVariable,
    {
      attributes,
      packing,
      isGridMapping,
    }: { attributes: readonly Attribute[]; packing: Packing; isGridMapping: boolean },
  ): ContentKind {
    if (isGridMapping) {
      // What counts of a grid mapping are its attributes, its value means nothing.
      const telling = variable.attributes.filter(({ name }) => !isSilent(name));
      const sorted = [...telling].sort((a, b) => (a.name < b.name ? -1 : 1));
      return { path, packing, unitsKey: '', prefix: `${path}\n${attributesKey(sorted)}\n`, isGridMapping };
    }
    const { unitsKey, convert } = this.#comparableUnits(path, attributes, variable, packing);
    // What was never written is in the bytes that are compared, or in no file.
    const meaning = packingKey({ ...packing, unwrittenValue: undefined, unwrittenInteger: undefined });
    const prefix = `${path}\n${variable.dtype}\n${unitsKey}\n${meaning}\n`;
    return { path, packing, unitsKey, convert, prefix, isGridMapping };
  }

  /** Number of what a variable of a file holds. */
  intern(kind: ContentKind, variable: IndexedVariable, attributes: string, file: number): number {
    const { path, packing, unitsKey, convert } = kind;
    const content: Content = {
      ...{ file, path, variable, packing, unitsKey, convert, kind },
      attributesKey: attributes,
    };
    const values = kind.isGridMapping ? '' : valuesKey(content);
    const key = `${kind.prefix}${variable.shape.join()}\n${values}`;
    const known = this.#numbers.get(key) ?? this.#storedOtherwise(kind, content);
    const number = known ?? this.#contents.push({ ...content, variable: kept(variable) }) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /**
   * Number of an equal content of another type or packing: latitudes that some files hold as float32 and some as
   * float64. Where all files store a variable in one way, nothing is decoded.
   */
  #storedOtherwise(
    { path, unitsKey, prefix, isGridMapping }: ContentKind,
    content: Content,
  ): number | undefined {
    if (isGridMapping) return undefined;
    const name = `${path}\n${unitsKey}`;
    let stored = this.#stored.get(name);
    if (stored === undefined) {
      stored = { prefixes: new Set(), contents: [] };
      this.#stored.set(name, stored);
    }
    const { prefixes, contents } = stored;
    if (prefixes.size > 0 && !prefixes.has(prefix)) {
      for (const number of contents.splice(0)) this.#setMeaning(this.#contents[number], number);
    }
    prefixes.add(prefix);
    if (prefixes.size > 1) return this.#setMeaning(content, this.#contents.length);
    contents.push(this.#contents.length);
    return undefined;
  }

  /** Notes the numbers that a content means; gives the number of an earlier one that means the same. */
  #setMeaning(content: Content, number: number): number | undefined {
    const decoded = decodeContent(content);
    if (decoded === undefined || !isNumeric(decoded.dtype) || isBigInt(decoded.dtype)) return undefined;
    const { values, mask, shape } = decoded;
    const numbers = Float64Array.from(values as ArrayLike<number>, (value, i) =>
      mask?.[i] === 1 ? NaN : value,
    );
    const digest = createHash('sha1').update(numbers).digest('latin1');
    const key = `=${content.path}\n${content.unitsKey}\n${shape.join()}\n${digest}`;
    const known = this.#numbers.get(key);
    if (known === undefined) this.#numbers.set(key, number);
    return known;
  }

  /** Gives a content, and what is said of its path, another type: of texts that turn out to be numbers or times. */
  restate(number: number, variable: IndexedVariable): void {
    const content = this.#contents[number];
    const { attributes } = variable;
    const packing = packingOf(variable, '');
    Object.assign(content, { variable, packing, attributesKey: attributesKey(attributes) });
    this.#decoded.delete(number);
    const [units, calendar] = ['units', 'calendar'].map((name) => textAttribute(attributes, name) ?? '');
    this.#references.set(content.path, { units, calendar, attributes });
  }

  /**
   * Number of a part of a content along one of its dimensions; undefined for values that are too large to be in the index.
   */
  part(
    number: number,
    { dimension, start, count }: { dimension: number; start: number; count: number },
  ): number | undefined {
    const { kind, variable, attributesKey: attributes, file } = this.#contents[number];
    const shape = variable.shape.with(dimension, count);
    if (variable.inlineValues === undefined) return undefined;
    const stored = decodeArray({ ...variable.inlineValues, shape: variable.shape });
    const ranges = variable.shape.map((extent, axis) =>
      axis === dimension ? { start, count } : { start: 0, count: extent },
    );
    const inlineValues = arrayBlock(partOf(stored, ranges));
    return this.intern(kind, { ...variable, shape, inlineValues }, attributes, file);
  }

  /** Numbers of all contents of a path. */
  numbersOf(path: string): number[] {
    return [...this.#contents.keys()].filter((number) => this.#contents[number].path === path);
  }

  get(number: number): Content {
    return this.#contents[number];
  }

  /** Unpacked values in the first file's units; undefined when they are too large to be in the index. */
  values(number: number): MaskedArray | undefined {
    const known = this.#decoded.get(number);
    if (known !== undefined) return known;
    const content = this.#contents[number];
    const decoded = decodeContent(content);
    if (decoded !== undefined) this.#decoded.set(number, decoded);
    return decoded;
  }

  /** Type of the values of a content that was converted to other units; undefined for others. */
  convertedType(number: number): string | undefined {
    return number < 0 || this.#contents[number].convert === undefined
      ? undefined
      : this.values(number)?.dtype;
  }

  /** Units and calendar in which the values of a path are given: those of the file that came first. */
  reference(path: string): Reference | undefined {
    return this.#references.get(path);
  }

  /** Attributes of the variable in the file that came first. */
  referenceAttributes(path: string): readonly Attribute[] | undefined {
    return this.#references.get(path)?.attributes;
  }

  #comparableUnits(
    path: string,
    attributes: readonly Attribute[],
    variable: IndexedVariable,
    packing: Packing,
  ): { unitsKey: string; convert?: (value: number) => number } {
    const units = textAttribute(attributes, 'units') ?? '';
    const calendar = textAttribute(attributes, 'calendar') ?? '';
    const first = this.#references.get(path);
    if (first === undefined) this.#references.set(path, { units, calendar, attributes: variable.attributes });
    if (first === undefined || (first.units === units && first.calendar === calendar)) {
      return { unitsKey: keyOfUnits(units, calendar) };
    }
    const from = parseTimeUnits(units, calendar);
    const to = parseTimeUnits(first.units, first.calendar);
    const convert =
      from === undefined || to === undefined
        ? durationConversion(units, first.units)
        : timeConversion(from, to);
    const numeric = packing.unpackedDtype !== 'char' && packing.unpackedDtype !== 'string';
    if (convert === undefined || variable.inlineValues === undefined || !numeric) {
      return { unitsKey: keyOfUnits(units, calendar) };
    }
    const same = convert(0) === 0 && convert(1) === 1;
    return { unitsKey: keyOfUnits(first.units, first.calendar), convert: same ? undefined : convert };
  }
}

/** A variable with values of its own: those that came over the wire are views that would keep all of their message. */
function kept(variable: IndexedVariable): IndexedVariable {
  const { inlineValues } = variable;
  if (inlineValues === undefined) return variable;
  const own = { ...inlineValues, data: copied(inlineValues.data), mask: copied(inlineValues.mask) };
  return { ...variable, inlineValues: own, chunks: undefined };
}

/** In memory of its own: Buffer.from would take it of a pool, of which a few bytes keep eight kilobytes. */
function copied(bytes: Uint8Array): Buffer {
  return Buffer.from(new Uint8Array(bytes).buffer);
}

/** Equal for units in which numbers mean the same. */
export function unitsKeyOf(attributes: readonly Attribute[]): string {
  return keyOfUnits(textAttribute(attributes, 'units') ?? '', textAttribute(attributes, 'calendar') ?? '');
}

function keyOfUnits(units: string, calendar: string): string {
  return `${normalUnits(units)} ${parseTimeUnits(units, calendar)?.calendar ?? ''}`;
}

/** A text that is equal for equal values: the values themselves where they are few, else their hash. */
function valuesKey(content: Content): string {
  const { variable, convert, file } = content;
  if (variable.inlineValues === undefined) {
    return variable.contentSha256 === '' ? `unknown ${file}` : variable.contentSha256;
  }
  const bytes = convert === undefined ? variable.inlineValues.data : encodeValues(decodeContent(content)!);
  return bytes.length <= 64
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    : hash('sha1', bytes, 'latin1');
}

function decodeContent({ variable, packing, convert }: Content): MaskedArray | undefined {
  if (variable.inlineValues === undefined) return undefined;
  const stored = decodeArray({ ...variable.inlineValues, shape: variable.shape });
  const unpacked = unpack(stored.values, stored.dtype, packing);
  const array: MaskedArray = { ...unpacked, shape: stored.shape };
  return convert === undefined ? array : converted(array, convert);
}

function converted(array: MaskedArray, convert: (value: number) => number): MaskedArray {
  const values = Float64Array.from(array.values as ArrayLike<number>, (value) => convert(Number(value)));
  const integer = !array.dtype.startsWith('float') && values.every(Number.isSafeInteger);
  if (integer && array.dtype === 'int32' && values.every((value) => Math.abs(value) < 2 ** 31)) {
    return { ...array, values: Int32Array.from(values) };
  }
  return { ...array, dtype: 'float64', values };
}

function partOf(
  { dtype, shape, values, mask }: MaskedArray,
  ranges: readonly { start: number; count: number }[],
): MaskedArray {
  const part = ranges.map(({ count }) => count);
  const from = { arrayShape: shape, origin: ranges.map(({ start }) => start) };
  const to = { arrayShape: part, origin: part.map(() => 0) };
  const count = elementCount(part);
  const taken = Array.isArray(values) ? new Array<string>(count).fill('') : allocateValues(dtype, count);
  copyRegion(values, from, taken, to, part);
  if (mask === undefined) return { dtype, shape: part, values: taken };
  const missing = new Uint8Array(count);
  copyRegion(mask, from, missing, to, part);
  return { dtype, shape: part, values: taken, mask: missing };
}
