import type { Json } from '../json/parse-json.ts';
import { isObject, MetadataFields, shorten, wholeNumber } from '../zarr/metadata-fields.ts';
import type { Reference } from './parse-references.ts';
import type { TemplateFiller, TemplateValues } from './templates.ts';

/** So many keys a file may generate: what it claims is bounded by what an index may hold. */
const mostGenerated = 4 * 1024 * 1024;

/** More dimensions than arrays have. */
const mostAxes = 64;

/** Indices that a name of a generator stands for, one after the other. Not a list: a short text claims a long one. */
interface Axis {
  name: string;
  count: number;
  at(position: number): number;
}

/**
 * Adds the references that the generators of a file make ("gen"), one for each combination of a generator's indices.
 * Throws FORMAT_CORRUPT, also where they make more than 4 Mi together; FORMAT_UNSUPPORTED.
 */
export function generateReferences(
  generators: readonly Json[],
  templates: TemplateValues,
  filler: TemplateFiller,
  url: string,
  references: Map<string, Reference>,
): void {
  const values = new Map<string, string | number>(templates);
  let left = mostGenerated;
  for (const generator of generators) {
    const fields = new MetadataFields(generator, url, 'a generator of references');
    const axes = axesOf(fields);
    const count = axes.reduce((product, axis) => product * axis.count, 1);
    left -= count;
    if (!(left >= 0)) throw fields.corrupt('dimensions', `indices of at most ${mostGenerated} references`);
    const next = referenceMaker(fields, values, filler);
    for (let row = 0; row < count; row++) {
      let rest = row;
      for (const axis of axes) {
        values.set(axis.name, axis.at(rest % axis.count));
        rest = Math.floor(rest / axis.count);
      }
      references.set(...next());
    }
    for (const { name } of axes) restore(values, templates, name);
  }
}

/** A template that an index hid is there again for the next generator. */
function restore(values: Map<string, string | number>, templates: TemplateValues, name: string): void {
  const template = templates.get(name);
  if (template === undefined) values.delete(name);
  else values.set(name, template);
}

/** Makes key and reference from what the values are at each call. */
function referenceMaker(
  fields: MetadataFields,
  values: TemplateValues,
  filler: TemplateFiller,
): () => [key: string, Reference] {
  const [key, target] = [fields.text('key'), fields.text('url')];
  const isPart = fields.object.offset !== undefined && fields.object.length !== undefined;
  // A template may itself name an index.
  const fill = (text: string) => filler.fill(filler.fill(text, values), values);
  const number = (name: string) => {
    const value = fields.object[name];
    const found = typeof value === 'string' ? Number(fill(value)) : wholeNumber(value);
    if (found === undefined || !Number.isSafeInteger(found) || found < 0)
      throw fields.corrupt(name, 'a whole number');
    return found;
  };
  return () => {
    const url = fill(target);
    return [
      fill(key),
      isPart
        ? { kind: 'part', url, offset: number('offset'), length: number('length') }
        : { kind: 'whole', url },
    ];
  };
}

function axesOf(fields: MetadataFields): Axis[] {
  const dimensions = Object.entries(fields.fields('dimensions').object);
  if (dimensions.length > mostAxes) throw fields.corrupt('dimensions', `at most ${mostAxes} dimensions`);
  return dimensions.map(([name, range]) => axisOf(fields, name, range));
}

/** A list of indices, or Python's range: start, stop, step. */
function axisOf(fields: MetadataFields, name: string, range: Json): Axis {
  if (Array.isArray(range)) {
    const indices = range.map(wholeNumber);
    if (indices.every((index) => index !== undefined))
      return { name, count: indices.length, at: (position) => indices[position] };
  }
  if (isObject(range)) {
    const start = wholeNumber(range.start ?? 0n);
    const stop = wholeNumber(range.stop);
    const step = wholeNumber(range.step ?? 1n);
    if (start !== undefined && stop !== undefined && step !== undefined && step > 0) {
      const count = Math.max(0, Math.ceil((stop - start) / step));
      return { name, count, at: (position) => start + position * step };
    }
  }
  throw fields.corrupt('dimensions', `lists of indices, or objects with "stop" (found ${shorten(range)})`);
}
