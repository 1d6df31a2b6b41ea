import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { Json, JsonObject } from '../json/parse-json.ts';

/** More dimensions than arrays have, and than numpy allows by now. */
export const mostDimensions = 64;

/** Members of a metadata document, each checked to be what it must. Throws FORMAT_CORRUPT naming document and node. */
export class MetadataFields {
  readonly object: JsonObject;
  readonly url: string;
  /** Absolute path of the node, for messages. */
  readonly owner: string;

  constructor(value: Json | undefined, url: string, owner: string) {
    if (!isObject(value))
      throw formatCorrupt(url, 0, `metadata of ${owner} in a JSON object`, shorten(value));
    this.object = value;
    this.url = url;
    this.owner = owner;
  }

  text(name: string): string {
    const value = this.object[name];
    if (typeof value !== 'string') throw this.corrupt(name, 'a text');
    return value;
  }

  /** Whole numbers of at least `least`, one for each dimension. */
  extents(name: string, least: number): number[] {
    const value = this.object[name];
    const numbers = Array.isArray(value) ? value.map(wholeNumber) : [];
    const valid = numbers.every((extent) => extent !== undefined && extent >= least);
    if (!Array.isArray(value) || !valid || numbers.length > mostDimensions) {
      throw this.corrupt(name, `a list of at most ${mostDimensions} whole numbers of at least ${least}`);
    }
    return numbers as number[];
  }

  list(name: string): Json[] {
    const value = this.object[name];
    if (!Array.isArray(value)) throw this.corrupt(name, 'a list');
    return value;
  }

  /** A member that is an object. */
  fields(name: string): MetadataFields {
    const value = this.object[name];
    if (!isObject(value)) throw this.corrupt(name, 'a JSON object');
    return new MetadataFields(value, this.url, this.owner);
  }

  corrupt(name: string, expected: string): Error {
    const found = shorten(this.object[name]);
    return formatCorrupt(this.url, 0, `"${name}" of ${this.owner} to be ${expected}`, found);
  }

  unsupported(what: string): Error {
    return formatUnsupported(this.url, 0, `${what} of ${this.owner}`, 'write the store again without it');
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The exact whole number from 0 to 2^53 that a value is; undefined when it is none. */
export function wholeNumber(value: Json | undefined): number | undefined {
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** A value as JSON text, integers exactly. */
export function jsonText(value: Json): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${jsonText(member)}`,
  );
  return `{${members.join(', ')}}`;
}

/** A value for a message. */
export function shorten(value: Json | undefined): string {
  if (value === undefined) return 'none';
  const text = jsonText(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
