import { HyperslabError } from '@hyperslab/errors';
import { formatCorrupt } from '../format-error.ts';

/** A JSON value whose integers are exact: a number written without fraction and exponent is a bigint. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;

/** An object without prototype, so that any name may be a member. */
export interface JsonObject {
  [name: string]: Json;
}

/** Longer than any double or 64-bit integer is written: what is exact must also be quick. */
const mostDigits = 400;

/** Deeper nesting than any metadata has, and less than would exhaust the stack. */
const mostLevels = 100;

/**
 * What values may cost together: little more than those of references to as many chunks as an index may have. Nor can an object of
 * V8's have more members than this allows.
 */
const mostCost = 40_000_000;

/** A number, text or word takes some 40 bytes, whatever few characters it is written in; others as many times that. */
const costs = { value: 1, list: 2, member: 4, object: 5 };

/** What the values of one document, or of all documents of a store, may still take of memory. */
export class JsonBudget {
  #left = mostCost;

  /** False when it is more than is left. */
  claim(cost: number): boolean {
    this.#left -= cost;
    return this.#left >= 0;
  }
}

/**
 * Parses JSON text (RFC 8259) and, as Python writes them, NaN, Infinity and -Infinity. Throws FORMAT_CORRUPT with the
 * offset of the character that is wrong, in the object or the part of it that `url` names, and TOO_LARGE for more values
 * than the budget has.
 */
export function parseJson(bytes: Uint8Array, url: string, budget = new JsonBudget()): Json {
  const parser = new Parser(new TextDecoder().decode(bytes), url, budget);
  return parser.whole();
}

const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const plainText = /[^"\\]*/y;
// All that is space to JSON comes up to this.
const spaceCode = 0x20;
const space = /[ \t\n\r]*/y;
const words: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
];
const escapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser {
  readonly #text: string;
  readonly #url: string;
  readonly #budget: JsonBudget;
  #at = 0;

  constructor(text: string, url: string, budget: JsonBudget) {
    this.#text = text;
    this.#url = url;
    this.#budget = budget;
  }

  whole(): Json {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#corrupt('the end of the JSON text');
    return value;
  }

  #value(level: number): Json {
    if (level > mostLevels) throw this.#corrupt(`at most ${mostLevels} levels of JSON`);
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(level);
    if (next === '[') return this.#list(level);
    this.#claim(costs.value);
    if (next === '"') return this.#string();
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  #claim(cost: number): void {
    if (this.#budget.claim(cost)) return;
    throw new HyperslabError(
      'TOO_LARGE',
      `${this.#url} at byte ${this.#offset()}: expected JSON of fewer values, found more than an index can be made of; split it, or write references as Parquet`,
      { url: this.#url, offset: String(this.#offset()) },
    );
  }

  #object(level: number): JsonObject {
    this.#claim(costs.object);
    const object: JsonObject = Object.create(null);
    this.#members('}', () => {
      if (this.#text[this.#at] !== '"') throw this.#corrupt('the name of a JSON member');
      this.#claim(costs.member);
      const name = this.#string();
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') throw this.#corrupt('a colon');
      this.#at++;
      object[name] = this.#value(level + 1);
    });
    return object;
  }

  #list(level: number): Json[] {
    this.#claim(costs.list);
    const list: Json[] = [];
    this.#members(']', () => list.push(this.#value(level + 1)));
    // The first push leaves room for sixteen more, and millions of lists are short.
    return list.slice();
  }

  #members(end: string, member: () => void): void {
    this.#at++;
    this.#skipSpace();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#skipSpace();
      member();
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next !== end && next !== ',') throw this.#corrupt(`a comma or ${end}`);
      this.#at++;
      if (next === end) return;
    }
  }

  #string(): string {
    this.#at++;
    let text = '';
    for (;;) {
      plainText.lastIndex = this.#at;
      const [run] = plainText.exec(this.#text)!;
      text += run;
      this.#at += run.length;
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#at++;
        // Halves of a character, which only escapes can write, stand for none, as in URLs and messages.
        return text.toWellFormed();
      }
      if (next !== '\\') throw this.#corrupt('the end of a JSON string');
      text += this.#escaped();
    }
  }

  #escaped(): string {
    const kind = this.#text[this.#at + 1];
    const digits = this.#text.slice(this.#at + 2, this.#at + 6);
    if (kind === 'u' && /^[\da-fA-F]{4}$/.test(digits)) {
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (kind === undefined || !Object.hasOwn(escapes, kind)) throw this.#corrupt('an escape of JSON');
    this.#at += 2;
    return escapes[kind];
  }

  #number(): number | bigint {
    number.lastIndex = this.#at;
    const found = number.exec(this.#text);
    if (found === null || found[0].length > mostDigits) throw this.#corrupt('a JSON value');
    this.#at += found[0].length;
    const isInteger = found[1] === undefined && found[2] === undefined && found[0] !== '-0';
    return isInteger ? BigInt(found[0]) : Number(found[0]);
  }

  #skipSpace(): void {
    if (this.#text.charCodeAt(this.#at) > spaceCode) return;
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)![0].length;
  }

  #offset(): number {
    return Buffer.byteLength(this.#text.slice(0, this.#at));
  }

  #corrupt(expected: string): Error {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return formatCorrupt(
      this.#url,
      this.#offset(),
      expected,
      rest === '' ? 'the end of the text' : JSON.stringify(rest),
    );
  }
}
