import type { Json, JsonObject } from '../json/parse-json.ts';
import { isObject, jsonText, MetadataFields, shorten, wholeNumber } from '../zarr/metadata-fields.ts';
import { fillTemplate, type TemplateValues } from './templates.ts';

/** What a key of a reference file stands for: bytes in it, or those of another object. */
export type Reference =
  | { kind: 'inline'; bytes: Uint8Array }
  | { kind: 'part'; url: string; offset: number; length: number }
  | { kind: 'whole'; url: string };

/** So many keys a file may generate: what it claims is bounded by what an index may hold. */
const mostGenerated = 4 * 1024 * 1024;

/**
 * The references of a file as fsspec and kerchunk write them: version 0, a flat object, or version 1 with "refs", "templates"
 * and "gen" (fsspec documentation, "ReferenceFileSystem"; kerchunk, "References specification"). Throws FORMAT_CORRUPT,
 * FORMAT_UNSUPPORTED.
 */
export function parseReferences(document: Json, url: string): Map<string, Reference> {
  const fields = new MetadataFields(document, url, 'the references');
  const references = new Map<string, Reference>();
  if (!isObject(fields.object.refs)) {
    for (const [key, value] of Object.entries(fields.object))
      references.set(key, referenceOf(fields, key, value, noValues));
    return references;
  }
  if (wholeNumber(fields.object.version ?? 1n) !== 1) throw fields.corrupt('version', '1');
  const templates = templatesOf(fields);
  for (const generator of (fields.object.gen ?? null) === null ? [] : fields.list('gen')) {
    generate(new MetadataFields(generator, url, 'a generator of references'), templates, references);
  }
  for (const [key, value] of Object.entries(fields.object.refs)) {
    references.set(key, referenceOf(fields, key, value, templates));
  }
  return references;
}

const noValues: TemplateValues = new Map();

function templatesOf(fields: MetadataFields): TemplateValues {
  if ((fields.object.templates ?? null) === null) return noValues;
  const entries = Object.entries(fields.fields('templates').object);
  return new Map(
    entries.map(([name, value]) => {
      if (typeof value !== 'string') throw fields.corrupt('templates', 'texts by name');
      return [name, value];
    }),
  );
}

function referenceOf(fields: MetadataFields, key: string, value: Json, templates: TemplateValues): Reference {
  if (typeof value === 'string') return { kind: 'inline', bytes: inlineBytes(value) };
  // Newer writers put metadata in as JSON, not as its text.
  if (isObject(value)) return { kind: 'inline', bytes: Buffer.from(jsonText(value)) };
  const [target, offset, length] = Array.isArray(value) ? value : [];
  const at = wholeNumber(offset);
  const bytes = wholeNumber(length);
  if (typeof target === 'string' && Array.isArray(value)) {
    const url = fillTemplate(target, templates, fields.url);
    if (value.length === 1) return { kind: 'whole', url };
    if (value.length === 3 && at !== undefined && bytes !== undefined)
      return { kind: 'part', url, offset: at, length: bytes };
  }
  throw new MetadataFields({ [key]: value } as JsonObject, fields.url, 'the references').corrupt(
    key,
    'a text, [URL] or [URL, offset, length]',
  );
}

function inlineBytes(text: string): Uint8Array {
  return text.startsWith('base64:') ? Buffer.from(text.slice(7), 'base64') : Buffer.from(text);
}

/** References for all combinations of the generator's indices. */
function generate(
  fields: MetadataFields,
  templates: TemplateValues,
  references: Map<string, Reference>,
): void {
  const [key, target] = [fields.text('key'), fields.text('url')];
  const axes = Object.entries(fields.fields('dimensions').object).map(([name, range]) => ({
    name,
    indices: indicesOf(fields, range),
  }));
  const count = axes.reduce((product, { indices }) => product * indices.length, 1);
  if (references.size + count > mostGenerated)
    throw fields.corrupt('dimensions', `indices of at most ${mostGenerated} references`);
  for (let row = 0; row < count; row++) {
    const values = new Map<string, string | number>(templates);
    let rest = row;
    for (const { name, indices } of axes) {
      values.set(name, indices[rest % indices.length]);
      rest = Math.floor(rest / indices.length);
    }
    // A template may itself name an index.
    const fill = (text: string) => fillTemplate(fillTemplate(text, values, fields.url), values, fields.url);
    const number = (name: string) => {
      const value = fields.object[name];
      const found = typeof value === 'string' ? Number(fill(value)) : wholeNumber(value);
      if (found === undefined || !Number.isSafeInteger(found) || found < 0)
        throw fields.corrupt(name, 'a whole number');
      return found;
    };
    const url = fill(target);
    const isPart = fields.object.offset !== undefined && fields.object.length !== undefined;
    references.set(
      fill(key),
      isPart
        ? { kind: 'part', url, offset: number('offset'), length: number('length') }
        : { kind: 'whole', url },
    );
  }
}

/** A list of indices, or Python's range: start, stop, step. */
function indicesOf(fields: MetadataFields, range: Json): number[] {
  if (Array.isArray(range)) {
    const indices = range.map(wholeNumber);
    if (indices.every((index) => index !== undefined)) return indices;
  }
  if (isObject(range)) {
    const [start, stop, step] = [
      wholeNumber(range.start ?? 0n),
      wholeNumber(range.stop),
      wholeNumber(range.step ?? 1n),
    ];
    const count = Math.ceil(((stop ?? 0) - (start ?? 0)) / (step || 1));
    if (
      start !== undefined &&
      stop !== undefined &&
      step !== undefined &&
      step > 0 &&
      count <= mostGenerated
    ) {
      return Array.from({ length: Math.max(0, count) }, (_, i) => start + i * step);
    }
  }
  throw fields.corrupt('dimensions', `lists of indices, or objects with "stop" (found ${shorten(range)})`);
}
