import { shortened } from '@hyperslab/errors';
import { urlInvalid } from './location.ts';

/** So many patterns braces may stand for, with so many characters together: each path is held against all of them. */
const mostPatterns = 1024;
const mostCharacters = 64 * 1024;
/** As many characters as the paths of file systems have; keys of S3 have fewer. */
const longestPattern = 4096;

/** Braces of a pattern: what stands before and after them, and what they stand for. */
interface Braces {
  before: string;
  alternatives: string[];
  after: string;
}

/**
 * The patterns without braces that one with `{a,b}` or `{08..12}` stands for; braces may hold braces. Those with neither a comma
 * nor a range in them stand for themselves. Throws URL_INVALID for more than 4096 characters, and
 * where they stand for more than 1024 patterns or 64 Ki characters.
 */
export function expandBraces(pattern: string): string[] {
  if (pattern.length > longestPattern) {
    const expectation = `expected a pattern of up to ${longestPattern} characters, found ${pattern.length}`;
    throw urlInvalid(shortened(pattern), expectation);
  }
  const patterns = expanded(pattern);
  const characters = patterns.reduce((sum, { length }) => sum + length, 0);
  if (characters > mostCharacters) throw tooMany(pattern);
  return patterns;
}

function expanded(pattern: string): string[] {
  const braces = firstBraces(pattern);
  if (braces === undefined) return [pattern];
  const heads = braces.alternatives.flatMap(expanded);
  const tails = expanded(braces.after);
  if (heads.length * tails.length > mostPatterns) throw tooMany(pattern);
  return heads.flatMap((head) => tails.map((tail) => braces.before + head + tail));
}

function firstBraces(pattern: string): Braces | undefined {
  for (let open = pattern.indexOf('{'); open >= 0; open = pattern.indexOf('{', open + 1)) {
    const parts = partsFrom(pattern, open + 1);
    if (parts === undefined) continue;
    const alternatives = parts.length > 1 ? parts : rangeOf(parts[0]);
    if (alternatives === undefined) continue;
    const after = open + parts.join(',').length + 2;
    return { before: pattern.slice(0, open), alternatives, after: pattern.slice(after) };
  }
  return undefined;
}

/** What commas part up to the brace that closes; undefined when none does. */
function partsFrom(pattern: string, start: number): string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '{') depth++;
    else if (character === '}' && depth-- === 0) return [...parts, pattern.slice(from, at)];
    else if (character === ',' && depth === 0) {
      parts.push(pattern.slice(from, at));
      from = at + 1;
    }
  }
  return undefined;
}

/** Numbers from the first to the last of `08..12`, with as many digits as the longer one where one begins with 0. */
function rangeOf(text: string): string[] | undefined {
  const [, first, last] = /^(\d{1,15})\.\.(\d{1,15})$/.exec(text) ?? [];
  if (first === undefined) return undefined;
  const count = Number(last) - Number(first) + 1;
  if (count > mostPatterns) throw tooMany(`{${text}}`);
  const isPadded = [first, last].some((number) => number.length > 1 && number.startsWith('0'));
  const digits = isPadded ? Math.max(first.length, last.length) : 0;
  if (count < 1) return undefined;
  return Array.from({ length: count }, (_, i) => String(Number(first) + i).padStart(digits, '0'));
}

function tooMany(pattern: string): Error {
  return urlInvalid(
    shortened(pattern),
    `its braces stand for more than ${mostPatterns} patterns or ${mostCharacters} characters; list by wildcards`,
  );
}
