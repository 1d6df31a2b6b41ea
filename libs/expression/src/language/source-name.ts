import type { SourceNode } from '@hyperslab/proto/expression';

const segment = '[A-Za-z0-9][A-Za-z0-9._-]*';
const qualified = new RegExp(`^((?:${segment}(?:/${segment})*(?:@${segment})?)?):([^]*)$`);
const plainWord = /^[A-Za-z_][A-Za-z0-9_.]*$/;

/**
 * A quoted name: a variable, or `dataset:variable` with the dataset as NAME, NAME@3 or NAME@alias. A variable of the
 * own dataset whose name has a colon that would read so is written with a colon before it.
 */
export function parseSourceName(name: string): SourceNode {
  const match = qualified.exec(name);
  return match === null ? { dataset: '', variable: name } : { dataset: match[1], variable: match[2] };
}

/** The text of a source in an expression, with quotes where it is no plain word. */
export function formatSourceName({ dataset, variable }: SourceNode): string {
  if (dataset !== '') return quote(`${dataset}:${variable}`);
  return formatName(qualified.test(variable) ? `:${variable}` : variable);
}

/** A name, with quotes where it is no plain word. */
export function formatName(name: string): string {
  return plainWord.test(name) ? name : quote(name);
}

/** A text in double quotes. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
