import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { AddedCoordinate, MetadataChange } from '@hyperslab/proto/merge';
import { parse } from 'yaml';
import { coordinateValues } from './coordinate-values.ts';

/** The text of an overlay may have so many characters. */
const longest = 1024 * 1024;

type Table = Record<string, unknown>;

/**
 * Reads an overlay: a YAML document with `drop` (a list of variables), `rename` (old: new), `remove` (variable: [attribute]),
 * `set` (variable: {attribute: value}; "." for global attributes) and `add` (coordinate: {values, dimension, attributes,
 * dtype}), which are carried out in this order. `source` names it in errors. Throws INVALID_ARGUMENT naming what
 * is not so.
 */
export function parseOverlay(text: string, source: string): MetadataChange[] {
  const invalid = (what: string, cause?: unknown) =>
    new HyperslabError('INVALID_ARGUMENT', `overlay ${source}: ${what}`, { overlay: source }, cause);
  if (text.length > longest) throw invalid(`has ${text.length} characters; expected up to ${longest}`);
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 100, logLevel: 'error' });
  } catch (error) {
    throw invalid(`expected YAML, found ${(error as Error).message.split('\n')[0]}`, error);
  }
  const table = (value: unknown, where: string): Table => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Table;
    throw invalid(`expected names with values in ${where}, found ${JSON.stringify(value)}`);
  };
  const texts = (value: unknown, where: string): string[] => {
    const list = [value].flat();
    if (list.every((each) => typeof each === 'string')) return list as string[];
    throw invalid(`expected a list of names in ${where}, found ${JSON.stringify(value)}`);
  };
  const known = ['drop', 'rename', 'remove', 'set', 'add'];
  const parts = table(document ?? {}, 'the document');
  const unknown = Object.keys(parts).find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(`"${unknown}" is unknown; expected ${known.join(', ')}`);
  const entries = (key: string) => Object.entries(table(parts[key] ?? {}, key));
  const variableOf = (name: string) => (name === '.' ? '' : name);
  const attributes = (value: unknown, where: string): Attribute[] =>
    Object.entries(table(value, where)).map(([name, each]) => {
      const attribute = attributeOf(name, each);
      if (attribute === undefined)
        throw invalid(
          `expected a text, a number or a list of one kind for ${where}.${name}, found ${JSON.stringify(each)}`,
        );
      return attribute;
    });
  const added = (name: string, value: unknown): AddedCoordinate => {
    const { values, dimension = '', attributes: given = {}, dtype, ...others } = table(value, `add.${name}`);
    const block =
      typeof dimension === 'string' ? coordinateValues(values, dimension !== '', dtype) : undefined;
    if (block === undefined || Object.keys(others).length > 0)
      throw invalid(
        `add.${name}: expected values (one, or a list with a dimension), and dimension, dtype and attributes if need be, found ${JSON.stringify(value)}`,
      );
    return {
      name,
      dimension: dimension as string,
      attributes: attributes(given, `add.${name}`),
      values: block,
    };
  };
  return [
    ...texts(parts.drop ?? [], 'drop').map(
      (variable): MetadataChange => ({ change: { $case: 'drop', value: { variable } } }),
    ),
    ...entries('rename').map(
      ([from, to]): MetadataChange => ({
        change: { $case: 'rename', value: { from, to: texts(to, `rename.${from}`)[0] ?? '' } },
      }),
    ),
    ...entries('remove').flatMap(([name, list]) =>
      texts(list, `remove.${name}`).map(
        (attribute): MetadataChange => ({
          change: { $case: 'remove', value: { variable: variableOf(name), attribute } },
        }),
      ),
    ),
    ...entries('set').flatMap(([name, values]) =>
      attributes(values, `set.${name}`).map(
        (attribute): MetadataChange => ({
          change: { $case: 'set', value: { variable: variableOf(name), attribute } },
        }),
      ),
    ),
    ...entries('add').map(
      ([name, value]): MetadataChange => ({
        change: { $case: 'add', value: added(name, value) },
      }),
    ),
  ];
}

/** A value of YAML as an attribute: a text, or numbers, which are int32 where all are whole and small. */
function attributeOf(name: string, value: unknown): Attribute | undefined {
  const list = [value].flat();
  const attribute: Attribute = { name, dtype: 'char', strings: [], numbers: [], integers: [] };
  if (list.length > 0 && list.every((each) => typeof each === 'string'))
    return { ...attribute, dtype: list.length > 1 ? 'string' : 'char', strings: list };
  if (list.length === 0 || !list.every((each) => typeof each === 'number')) return undefined;
  const small = list.every((each) => Number.isInteger(each) && Math.abs(each) < 2 ** 31);
  return { ...attribute, dtype: small ? 'int32' : 'float64', numbers: list };
}
