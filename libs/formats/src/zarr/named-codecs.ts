import type { Json, JsonObject } from '../json/parse-json.ts';
import { isObject, type MetadataFields, shorten } from './metadata-fields.ts';

/** A codec as the metadata name it. */
export interface NamedCodec {
  name: string;
  configuration: JsonObject;
}

/** Codecs by name and configuration. Throws FORMAT_CORRUPT. */
export function namedCodecs(fields: MetadataFields, list: readonly Json[]): NamedCodec[] {
  return list.map((codec) => {
    const name = isObject(codec) ? codec.name : codec;
    const configuration = isObject(codec) ? (codec.configuration ?? {}) : {};
    if (typeof name === 'string' && isObject(configuration)) return { name, configuration };
    throw fields.corrupt('codecs', `objects with a name and a configuration (found ${shorten(codec)})`);
  });
}
