import type { Codec } from '@hyperslab/proto/array';
import type { Json, JsonObject } from '../json/parse-json.ts';
import { type ArrayCodecs, elementSteps } from './codecs-v2.ts';
import type { ElementType } from './element-type.ts';
import { type MetadataFields, wholeNumber } from './metadata-fields.ts';
import { type NamedCodec, namedCodecs } from './named-codecs.ts';
import { codecOfNumcodecs } from './numcodecs.ts';
import { parseSharding } from './sharding.ts';
import { transposeStep } from './transpose-step.ts';
import type { Sharding } from './zarr-array.ts';

/** What the codecs of a v3 array make of its chunks. */
export interface V3Codecs extends ArrayCodecs {
  /** Extents of what is decoded as one. */
  chunkShape: number[];
  sharding?: Sharding;
}

/**
 * The codecs of a Zarr v3 array (core specification, "Codecs"): from arrays to arrays, one from arrays to bytes, from bytes
 * to bytes. With "sharding_indexed", those of the inner chunks.
 */
export function v3Codecs(
  fields: MetadataFields,
  element: ElementType,
  chunkShape: readonly number[],
): V3Codecs {
  const named = namedCodecs(fields, fields.list('codecs'));
  const sharded = named.findIndex(({ name }) => name === 'sharding_indexed');
  if (sharded < 0) return { ...codecsOf(fields, named, element, chunkShape), chunkShape: [...chunkShape] };
  const { sharding, innerShape, innerCodecs, reason } = parseSharding(fields, named[sharded], chunkShape);
  const around =
    named.length > 1 ? `codec "${named[sharded === 0 ? 1 : 0].name}" around its shards is not supported` : '';
  const inner = codecsOf(fields, innerCodecs, element, innerShape);
  return { ...inner, reason: around || reason || inner.reason, chunkShape: innerShape, sharding };
}

function codecsOf(
  fields: MetadataFields,
  named: readonly NamedCodec[],
  element: ElementType,
  chunkShape: readonly number[],
): ArrayCodecs {
  const before: Codec[] = [];
  const after: Codec[] = [];
  let serialised: Codec[] | undefined;
  let shape = [...chunkShape];
  for (const { name, configuration } of named) {
    if (name === 'transpose') {
      if (serialised !== undefined) throw fields.corrupt('codecs', 'transposing before they are bytes');
      const order = orderOf(fields, configuration.order, shape.length);
      if (element.width === 0) return { codecs: [], reason: 'its texts of any length are transposed' };
      before.push(transposeStep(order, shape, element.width));
      shape = order.map((axis) => shape[axis]);
    } else if (name === 'bytes' || (name === 'vlen-utf8' && element.text === 'vlen-utf8')) {
      if (serialised !== undefined) throw fields.corrupt('codecs', 'one codec from arrays to bytes');
      serialised = elementSteps({ ...element, bigEndian: isBigEndian(fields, element, configuration) });
    } else {
      const codec = codecOfNumcodecs(name.replace(/^(numcodecs|zarrs)\./, ''), configuration);
      if (codec === 'nothing') continue;
      if ('reason' in codec) return { codecs: [], reason: codec.reason.replace(/"[^"]*"/, `"${name}"`) };
      (serialised === undefined ? before : after).push(codec);
    }
  }
  if (serialised === undefined) throw fields.corrupt('codecs', 'codecs with one from arrays to bytes');
  const isBig = serialised.some(({ configuration }) => configuration.includes('big'));
  // Byte order and transposing commute; what computes with numbers has them as they were, little-endian.
  if (isBig && before.some(({ name }) => name !== 'transpose')) {
    return { codecs: [], reason: `codec "${before.at(-1)!.name}" before big-endian bytes is not supported` };
  }
  return { codecs: [...serialised, ...before, ...after], reason: '' };
}

function isBigEndian(fields: MetadataFields, { width, text }: ElementType, { endian }: JsonObject): boolean {
  if (endian === undefined || endian === null) {
    if (width <= 1 || text === 'fixed') return false;
    throw fields.corrupt('codecs', `"bytes" with "endian" for elements of ${width} bytes`);
  }
  if (endian !== 'little' && endian !== 'big')
    throw fields.corrupt('codecs', '"endian" as "little" or "big"');
  return endian === 'big';
}

/** The order of "transpose": a permutation, or "C" or "F" as early writers had it. */
function orderOf(fields: MetadataFields, value: Json | undefined, rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  if (value === 'C') return axes;
  if (value === 'F') return axes.toReversed();
  const order = Array.isArray(value) ? value.map(wholeNumber) : [];
  const isPermutation = order.length === rank && axes.every((axis) => order.includes(axis));
  if (!isPermutation) throw fields.corrupt('codecs', `"transpose" with a permutation of ${rank} dimensions`);
  return order as number[];
}
