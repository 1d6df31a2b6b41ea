import { MetadataFields } from './metadata-fields.ts';
import { type NamedCodec, namedCodecs } from './named-codecs.ts';
import type { Sharding } from './zarr-array.ts';

interface ParsedSharding {
  sharding: Sharding;
  innerShape: number[];
  innerCodecs: NamedCodec[];
  /** Why inner chunks can't be found; empty when they can. */
  reason: string;
}

/** The configuration of "sharding_indexed" (Zarr "sharding_indexed" codec 1.0, "Configuration parameters"). */
export function parseSharding(
  fields: MetadataFields,
  { configuration }: NamedCodec,
  shardShape: readonly number[],
): ParsedSharding {
  const own = new MetadataFields(configuration, fields.url, fields.owner);
  const innerShape = own.extents('chunk_shape', 1);
  const divides = innerShape.every((extent, axis) => shardShape[axis] % extent === 0);
  if (innerShape.length !== shardShape.length || !divides) {
    throw own.corrupt('chunk_shape', `whole parts of its shards [${shardShape.join(', ')}]`);
  }
  const indexLocation = configuration.index_location ?? 'end';
  if (indexLocation !== 'start' && indexLocation !== 'end')
    throw own.corrupt('index_location', '"start" or "end"');
  const [bytes, checksum, ...others] = namedCodecs(own, own.list('index_codecs'));
  const isKnown = bytes?.name === 'bytes' && (checksum === undefined || checksum.name === 'crc32c');
  const reason =
    isKnown && others.length === 0
      ? ''
      : 'the index of its shards has other codecs than "bytes" and "crc32c"';
  const innerCodecs = namedCodecs(own, own.list('codecs'));
  const nested = innerCodecs.some(({ name }) => name === 'sharding_indexed');
  return {
    sharding: {
      shardShape: [...shardShape],
      indexLocation,
      hasChecksum: checksum !== undefined,
      bigEndian: bytes?.configuration.endian === 'big',
    },
    innerShape,
    innerCodecs: nested ? [{ name: 'bytes', configuration: { endian: 'little' } }] : innerCodecs,
    reason: nested ? 'its shards hold shards' : reason,
  };
}
