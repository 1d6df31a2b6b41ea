import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { DimensionRule } from '@hyperslab/proto/merge';
import { RE2JS } from 're2js';
import { findAttribute } from '../cf/attributes.ts';

const longestPattern = 1000;
/** Characters that a pattern is looked for in: RE2 takes time in proportion to them, whatever the pattern. */
const longestText = 4096;
const nameOfCoordinate = /^[A-Za-z_][A-Za-z0-9_.+@-]{0,255}$/;

/** A rule that is ready to be used on files. */
export interface CompiledRule {
  name: string;
  /**
   * The value of a file as text. Throws INVALID_ARGUMENT naming the URL, what was looked at and what was expected, where
   * there is none.
   */
  valueIn(url: string, attributes: readonly Attribute[]): string;
}

/** Reads a rule. Throws INVALID_ARGUMENT for a name that no coordinate can have, and for a pattern that RE2 refuses. */
export function compileRule({ name, attribute, pattern }: DimensionRule): CompiledRule {
  if (!nameOfCoordinate.test(name))
    throw refused(`"${shortened(name)}" can't be the name of a coordinate; expected letters, digits and _`);
  if (pattern === '' && attribute === '')
    throw refused(`"${name}": expected a pattern of the URL, as "ensemble_(\\d+)", or "@ATTRIBUTE"`);
  const compiled = pattern === '' ? undefined : compiledPattern(name, pattern);
  return {
    name,
    valueIn(url, attributes) {
      const text =
        attribute === '' ? url : attributeText(name, url, findAttribute(attributes, attribute), attribute);
      if (text.length > longestText)
        throw refused(
          `"${name}": ${shortened(url)} has ${text.length} characters to look in; expected up to ${longestText}`,
        );
      const value = compiled === undefined ? text.trim() : firstMatch(compiled, text);
      if (value !== undefined && value !== '') return value;
      const where =
        attribute === '' ? 'the URL' : `the attribute ${attribute} (${JSON.stringify(shortened(text))})`;
      const expected = pattern === '' ? 'some text' : `what the pattern ${pattern} matches`;
      throw refused(
        `"${name}": expected ${expected} in ${where} of ${url}, found none; change the pattern, or name only the files that match`,
        { url, pattern, dimension: name },
      );
    },
  };
}

function compiledPattern(name: string, pattern: string): RE2JS {
  if (pattern.length > longestPattern)
    throw refused(
      `"${name}": its pattern has ${pattern.length} characters; expected up to ${longestPattern}`,
    );
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw refused(
      `"${name}": ${JSON.stringify(shortened(pattern))} is no pattern: ${(error as Error).message}; expected a regular expression of RE2, which has no look-around and no back references`,
      { pattern, dimension: name },
    );
  }
}

/** The first group of the first match, where the pattern has one, else all of it. */
function firstMatch(pattern: RE2JS, text: string): string | undefined {
  const matcher = pattern.matcher(text);
  if (!matcher.find()) return undefined;
  return matcher.group(pattern.groupCount() > 0 ? 1 : 0) ?? undefined;
}

function attributeText(name: string, url: string, found: Attribute | undefined, attribute: string): string {
  const { strings = [], numbers = [], integers = [] } = found ?? {};
  const value = strings[0]?.replace(/\0+$/, '') ?? integers[0] ?? numbers[0];
  if (value !== undefined) return String(value);
  throw refused(
    `"${name}": expected a global attribute ${attribute} in ${url}, found none; name one that all files have`,
    { url, attribute, dimension: name },
  );
}

function refused(message: string, details: Record<string, string> = {}): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', `dimension ${message}`, details);
}
