import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { MetadataChange } from '@hyperslab/proto/merge';

/** Attributes whose numbers are stored values, and so of the variable's type (CF conventions, section 2.5.1 and 3.5). */
const storedNumbers = new Set([
  '_FillValue',
  'missing_value',
  'valid_min',
  'valid_max',
  'valid_range',
  'flag_values',
  'flag_masks',
]);
const scale = new Set(['scale_factor', 'add_offset']);
const wide = new Set(['int64', 'uint64']);

/** The variable and attribute that a change sets or removes; undefined for other changes. */
export function settingOf({ change }: MetadataChange): { variable: string; name: string } | undefined {
  if (change?.$case === 'remove') return { variable: change.value.variable, name: change.value.attribute };
  if (change?.$case !== 'set') return undefined;
  return { variable: change.value.variable, name: change.value.attribute?.name ?? '' };
}

/**
 * Attributes with one of them set or taken away; undefined where there is none to take. A text that is a list of numbers
 * becomes numbers where the attribute must be such, or was: of the variable's type `dtype` where they are stored values.
 * Throws INVALID_ARGUMENT for a text where numbers must be.
 */
export function changedAttributes(
  attributes: readonly Attribute[],
  { change }: MetadataChange,
  dtype: string,
): Attribute[] | undefined {
  if (change?.$case === 'remove') {
    const others = attributes.filter(({ name }) => name !== change.value.attribute);
    return others.length === attributes.length ? undefined : others;
  }
  if (change?.$case !== 'set' || change.value.attribute === undefined) return undefined;
  const { name } = change.value.attribute;
  const at = attributes.findIndex((attribute) => attribute.name === name);
  const set = typed(change.value.attribute, attributes[at], dtype);
  return at < 0 ? [...attributes, set] : attributes.with(at, set);
}

function typed(given: Attribute, before: Attribute | undefined, dtype: string): Attribute {
  const { name } = given;
  const isNumber = storedNumbers.has(name) || scale.has(name);
  const wasNumber = before !== undefined && before.strings.length === 0;
  if (!isNumber && !(wasNumber && given.strings.length > 0)) return given;
  const texts =
    given.strings.length > 0
      ? given.strings.flatMap((text) => text.split(/[\s,]+/).filter(Boolean))
      : undefined;
  const numbers = texts?.map(Number) ?? given.numbers;
  if (texts !== undefined && (texts.length === 0 || numbers.some(Number.isNaN))) {
    if (!isNumber) return given;
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `attribute "${name}": expected a number, or several with commas, found ${JSON.stringify(given.strings.join(', '))}`,
      { attribute: name },
    );
  }
  const type = storedNumbers.has(name) ? dtype : isNumber ? 'float64' : before!.dtype;
  if (type === '' || type === 'char' || type === 'string') return given;
  if (!wide.has(type)) return { name, dtype: type, strings: [], numbers, integers: [] };
  const integers = texts ?? (given.integers.length > 0 ? given.integers : numbers.map(String));
  if (!integers.every((text) => /^[+-]?\d+$/.test(text)))
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `attribute "${name}": expected whole numbers of ${type}, found ${integers.join(', ')}`,
      {
        attribute: name,
      },
    );
  return { name, dtype: type, strings: [], numbers: [], integers };
}
