import type { SourceNode } from '@hyperslab/proto/expression';

const segment = '[A-Za-z0-9][A-Za-z0-9._-]*';
const qualified = new RegExp(`^((?:${segment}(?:/${segment})*(?:@${segment})?)?):([^]*)$`);
const persisted = /^(job:([0-9a-f]{20}))(?::(.+))?$/s;
/** What a persisted array is called among its own variables, whatever it is of. */
export const persistedName = 'result';
const plainWord = /^[A-Za-z_][A-Za-z0-9_.]*$/;

/**
 * A quoted name: a variable, or `dataset:variable` with the dataset as NAME, NAME@3 or NAME@alias; or `job:ID`, which is what that job has
 * persisted, and `job:ID:variable`, a coordinate of that. A variable of the own dataset whose name has a colon that would read so is written with
 * a colon before it.
 */
export function parseSourceName(name: string): SourceNode {
  const kept = persisted.exec(name);
  if (kept !== null) return { dataset: kept[1], variable: kept[3] ?? persistedName };
  const match = qualified.exec(name);
  return match === null ? { dataset: '', variable: name } : { dataset: match[1], variable: match[2] };
}

/** The job whose result a reference to a dataset means, as "job:ID"; undefined for a dataset. */
export function persistedJob(reference: string): string | undefined {
  const kept = persisted.exec(reference);
  return kept === null || kept[3] !== undefined ? undefined : kept[2];
}

/** The text of a source in an expression, with quotes where it is no plain word. */
export function formatSourceName({ dataset, variable }: SourceNode): string {
  if (variable === persistedName && persistedJob(dataset) !== undefined) return quote(dataset);
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
