import type { ByteCursor } from '../byte-cursor.ts';
import type { ThriftStruct, ThriftValue } from './thrift.ts';

/** Fields of a struct of Parquet's metadata, each checked to be what it must. Throws FORMAT_CORRUPT naming the struct. */
export class ThriftFields {
  readonly #struct: ThriftStruct;
  readonly #cursor: ByteCursor;
  readonly #owner: string;

  constructor(value: ThriftValue | undefined, cursor: ByteCursor, owner: string) {
    if (!(value instanceof Map)) throw cursor.corrupt(owner, 'none');
    this.#struct = value;
    this.#cursor = cursor;
    this.#owner = owner;
  }

  has(field: number): boolean {
    return this.#struct.has(field);
  }

  /** A whole number from 0 on; `otherwise` when the field is not there and need not be. */
  count(field: number, name: string, otherwise?: number): number {
    const value = this.#struct.get(field) ?? otherwise;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw this.corrupt(`${name}, a whole number,`, typeof value === 'number' ? String(value) : 'none');
    return value;
  }

  /** A whole number, if the field is there. */
  number(field: number): number | undefined {
    const value = this.#struct.get(field);
    return typeof value === 'number' ? value : undefined;
  }

  text(field: number, name: string): string {
    const value = this.#struct.get(field);
    if (!(value instanceof Uint8Array)) throw this.corrupt(`${name}, a text,`, 'none');
    return Buffer.from(value).toString();
  }

  texts(field: number, name: string): string[] {
    return this.#list(field, name).map((value) => {
      if (!(value instanceof Uint8Array)) throw this.corrupt(`${name}, texts,`, 'something else');
      return Buffer.from(value).toString();
    });
  }

  structs(field: number, name: string): ThriftFields[] {
    return this.#list(field, name).map((value) => new ThriftFields(value, this.#cursor, name));
  }

  struct(field: number, name: string): ThriftFields {
    return new ThriftFields(this.#struct.get(field), this.#cursor, name);
  }

  isFalse(field: number): boolean {
    return this.#struct.get(field) === false;
  }

  /** A FORMAT_CORRUPT error that names the struct. */
  corrupt(expected: string, found: string): Error {
    return this.#cursor.corrupt(`${expected} of ${this.#owner}`, found);
  }

  #list(field: number, name: string): ThriftValue[] {
    const value = this.#struct.get(field);
    if (!Array.isArray(value)) throw this.corrupt(`${name}, a list,`, 'none');
    return value;
  }
}
