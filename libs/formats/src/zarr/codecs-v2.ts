import type { Codec } from '@hyperslab/proto/array';
import type { Json } from '../json/parse-json.ts';
import type { ElementType } from './element-type.ts';
import { isObject, type MetadataFields, shorten } from './metadata-fields.ts';
import { codecOfNumcodecs } from './numcodecs.ts';
import { transposeStep } from './transpose-step.ts';

/** Codecs of an array, or why its chunks can't be decoded. */
export interface ArrayCodecs {
  codecs: Codec[];
  reason: string;
}

/**
 * The codecs of a Zarr v2 array (Zarr v2 specification, "Metadata": "order", "filters", "compressor"): elements in C or F
 * order, then filters, then the compressor. A filter that makes texts of objects is part of the element type.
 */
export function v2Codecs(
  fields: MetadataFields,
  element: ElementType,
  chunkShape: readonly number[],
): ArrayCodecs {
  const codecs = elementSteps(element);
  const order = fields.object.order ?? 'C';
  if (order !== 'C' && order !== 'F') throw fields.corrupt('order', '"C" or "F"');
  if (order === 'F' && chunkShape.length > 1) {
    if (element.width === 0) return { codecs, reason: 'its texts of any length are in F order' };
    const reversed = chunkShape.map((_, axis) => chunkShape.length - 1 - axis);
    codecs.push(transposeStep(reversed, chunkShape, element.width));
  }
  const steps = [...filtersOf(fields), fields.object.compressor ?? null];
  for (const [at, step] of steps.entries()) {
    if (step === null) continue;
    const id = isObject(step) ? step.id : undefined;
    if (!isObject(step) || typeof id !== 'string')
      throw fields.corrupt('filters', `codecs with an "id" (found ${shorten(step)})`);
    if (at === 0 && id === 'vlen-utf8' && element.text === 'vlen-utf8') continue;
    const codec = codecOfNumcodecs(id, step);
    if (codec === 'nothing') continue;
    if ('reason' in codec) return { codecs, reason: codec.reason };
    codecs.push(codec);
  }
  return { codecs, reason: '' };
}

/** Whether the first filter makes texts of Python objects. */
export function hasTextFilter(fields: MetadataFields): boolean {
  const [first] = filtersOf(fields);
  return isObject(first) && first.id === 'vlen-utf8';
}

/** From elements to bytes, with which a layout begins: their byte order, and what makes other numbers of them. */
export function elementSteps({ bigEndian, isHalf }: ElementType): Codec[] {
  const configuration = bigEndian ? '{"endian":"big"}' : '{"endian":"little"}';
  if (isHalf !== true) return [{ name: 'bytes', configuration }];
  return [
    { name: 'bytes', configuration: '{"endian":"little"}' },
    { name: 'float16', configuration },
  ];
}

function filtersOf(fields: MetadataFields): Json[] {
  return (fields.object.filters ?? null) === null ? [] : fields.list('filters');
}
