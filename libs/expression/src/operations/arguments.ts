import { HyperslabError } from '@hyperslab/errors';
import type { OperationArgument, OperationNode } from '@hyperslab/proto/expression';
import type { Field } from '../resolve/field.ts';
import type { Signature } from './signature.ts';

/** A value of an option: a number, a text, or a list of either. */
export type ArgumentValue = number | string | readonly number[] | readonly string[];

type Value = OperationArgument['value'];

/** The arguments of an operation by the names that its signature has for them; they have been checked. */
export class Arguments {
  /** Name of the operation, for messages. */
  readonly operation: string;
  readonly #fields: readonly Field[];
  readonly #places = new Map<string, Value[]>();
  readonly #options = new Map<string, Value>();
  readonly #signature: Signature;

  constructor(signature: Signature, node: OperationNode, fields: readonly Field[]) {
    this.operation = signature.name;
    this.#signature = signature;
    this.#fields = fields;
    const { parameters } = signature;
    let place = 0;
    for (const { name, value } of node.arguments) {
      if (name !== '') this.#options.set(name, value);
      else {
        const parameter = parameters[Math.min(place++, parameters.length - 1)].name;
        this.#places.set(parameter, [...(this.#places.get(parameter) ?? []), value]);
      }
    }
  }

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.#options.has(name);
  }

  /** An array that is there. */
  field(name: string): Field {
    const field = this.optionalField(name);
    if (field === undefined)
      throw new HyperslabError(
        'EXPRESSION_INVALID',
        `"${this.operation}" lacks "${name}"; expected an array`,
      );
    return field;
  }

  /** An array; undefined when it was left out or is a word. */
  optionalField(name: string): Field | undefined {
    const value = this.#value(name);
    return value?.$case === 'node' ? this.#fields[value.value] : undefined;
  }

  /** All arrays of a parameter that is repeated. */
  fields(name: string): Field[] {
    return (this.#places.get(name) ?? []).flatMap((value) =>
      value?.$case === 'node' ? [this.#fields[value.value]] : [],
    );
  }

  /** A text, a name or a word; undefined when it was left out or is something else. */
  text(name: string): string | undefined {
    const value = this.#value(name);
    return value?.$case === 'text' ? value.value : undefined;
  }

  /** All texts of a parameter that is repeated. */
  texts(name: string): string[] {
    return (this.#places.get(name) ?? []).flatMap((value) => (value?.$case === 'text' ? [value.value] : []));
  }

  /** A number; undefined when it was left out or is something else. */
  number(name: string): number | undefined {
    const value = this.#value(name);
    return value?.$case === 'number' ? value.value : undefined;
  }

  /** A value of any kind but an array; undefined when it was left out. */
  value(name: string): ArgumentValue | undefined {
    return plain(this.#value(name));
  }

  /** A list, of one element where it was given without brackets; undefined when it was left out. */
  list(name: string): readonly number[] | readonly string[] | undefined {
    const value = this.value(name);
    if (typeof value === 'number') return [value];
    return typeof value === 'string' ? [value] : value;
  }

  /** Options that the signature has not by their own names: those of dimensions and coordinates, in order. */
  byName(): [name: string, value: ArgumentValue][] {
    const own = (this.#signature.options ?? []).map(({ name }) => name);
    return [...this.#options].flatMap(([name, value]) => {
      const given = plain(value);
      return own.includes(name) || given === undefined ? [] : [[name, given]];
    });
  }

  #value(name: string): Value {
    // A dimension may have the name that the signature has for a place: rolling(x, mean, x=3).
    const isPlace = this.#signature.parameters.some((parameter) => parameter.name === name);
    return isPlace ? this.#places.get(name)?.[0] : this.#options.get(name);
  }
}

function plain(value: Value): ArgumentValue | undefined {
  if (value?.$case === 'number' || value?.$case === 'text') return value.value;
  if (value?.$case !== 'list') return undefined;
  return value.value.texts.length > 0 ? value.value.texts : value.value.numbers;
}
