/**
 * What an argument may be: `array` an expression, or one of `words`; `name` that of a dimension or coordinate; `word` one of
 * `words`; `text`, `number`, `integer`; `list` numbers or texts in brackets, or one of them alone; `value` any of these but an
 * array. `reduction` is the name of a reduction.
 */
export type ArgumentKind =
  | 'array'
  | 'name'
  | 'word'
  | 'text'
  | 'number'
  | 'integer'
  | 'list'
  | 'value'
  | 'reduction';

/** An argument that is known by its place. */
export interface Parameter {
  name: string;
  kind: ArgumentKind;
  words?: readonly string[];
  optional?: boolean;
  /** It may come several times; only of the last. */
  repeated?: boolean;
}

/** An argument that is known by its name: `name=value`. It may be left out unless it is required. */
export interface Option {
  name: string;
  kind: ArgumentKind;
  words?: readonly string[];
  required?: boolean;
}

/** What an operation is called with, and what it does. */
export interface Signature {
  name: string;
  /** One line for lists: what comes out. */
  summary: string;
  parameters: readonly Parameter[];
  options?: readonly Option[];
  /** Options of any other name, which is that of a dimension or coordinate: `latitude=4`. */
  byName?: Omit<Option, 'name'>;
}

/** How an operation is written: `diff(x, dimension, n=integer)`. */
export function usageOf({ name, parameters, options = [], byName }: Signature): string {
  const places = parameters.map((parameter) => {
    const written = parameter.kind === 'word' ? parameter.words!.join('|') : parameter.name;
    const more = parameter.repeated ? `${written}, …` : written;
    return parameter.optional ? `[${more}]` : more;
  });
  const named = options.map((option) => `${option.name}=${writtenValue(option)}`);
  if (byName !== undefined) named.push(`name=${writtenValue(byName)}`, '…');
  return `${name}(${[...places, ...named].join(', ')})`;
}

function writtenValue({ kind, words = [] }: Omit<Option, 'name'>): string {
  return [...words, ...(kind === 'word' ? [] : [kind])].join('|');
}

/**
 * Words that stand for themselves where an array may be, whatever variables there are; a variable of such a name is written
 * in parentheses there.
 */
export const arrayWords: ReadonlySet<string> = new Set(['area']);
