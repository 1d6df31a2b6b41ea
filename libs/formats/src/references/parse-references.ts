import type { Json, JsonObject } from '../json/parse-json.ts';
import { isObject, jsonText, MetadataFields, wholeNumber } from '../zarr/metadata-fields.ts';
import { generateReferences } from './generate-references.ts';
import { TemplateFiller, type TemplateValues } from './templates.ts';

/** What a key of a reference file stands for: bytes in it, or those of another object. */
export type Reference =
  | { kind: 'inline'; bytes: Uint8Array }
  | { kind: 'part'; url: string; offset: number; length: number }
  | { kind: 'whole'; url: string };

/**
 * The references of a file as fsspec and kerchunk write them: version 0, a flat object, or version 1 with "refs", "templates"
 * and "gen" (fsspec documentation, "ReferenceFileSystem"; kerchunk, "References specification"). Throws FORMAT_CORRUPT,
 * FORMAT_UNSUPPORTED.
 */
export function parseReferences(document: Json, url: string): Map<string, Reference> {
  const fields = new MetadataFields(document, url, 'the references');
  const references = new Map<string, Reference>();
  const filler = new TemplateFiller(url);
  if (!isObject(fields.object.refs)) {
    for (const [key, value] of Object.entries(fields.object))
      references.set(key, referenceOf(fields, key, value, noValues, filler));
    return references;
  }
  if (wholeNumber(fields.object.version ?? 1n) !== 1) throw fields.corrupt('version', '1');
  const templates = templatesOf(fields);
  const generators = (fields.object.gen ?? null) === null ? [] : fields.list('gen');
  generateReferences(generators, templates, filler, url, references);
  for (const [key, value] of Object.entries(fields.object.refs)) {
    references.set(key, referenceOf(fields, key, value, templates, filler));
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

function referenceOf(
  fields: MetadataFields,
  key: string,
  value: Json,
  templates: TemplateValues,
  filler: TemplateFiller,
): Reference {
  if (typeof value === 'string') return { kind: 'inline', bytes: inlineBytes(Buffer.from(value)) };
  // Newer writers put metadata in as JSON, not as its text.
  if (isObject(value)) return { kind: 'inline', bytes: Buffer.from(jsonText(value)) };
  const [target, offset, length] = Array.isArray(value) ? value : [];
  const at = wholeNumber(offset);
  const bytes = wholeNumber(length);
  if (typeof target === 'string' && Array.isArray(value)) {
    const url = filler.fill(target, templates);
    if (value.length === 1) return { kind: 'whole', url };
    if (value.length === 3 && at !== undefined && bytes !== undefined)
      return { kind: 'part', url, offset: at, length: bytes };
  }
  throw new MetadataFields({ [key]: value } as JsonObject, fields.url, 'the references').corrupt(
    key,
    'a text, [URL] or [URL, offset, length]',
  );
}

/** Bytes that a reference holds, as they are or in Base64. */
export function inlineBytes(value: Uint8Array): Uint8Array {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const isEncoded = text.toString('latin1', 0, 7) === 'base64:';
  return isEncoded ? Buffer.from(text.toString('latin1', 7), 'base64') : value;
}
