import { codecNames } from '@hyperslab/codecs';
import type { Codec } from '@hyperslab/proto/array';
import type { Json, JsonObject } from '../json/parse-json.ts';
import { wholeNumber } from './metadata-fields.ts';

/** A codec of a layout, nothing to undo, or why it can't be undone. */
export type KnownCodec = Codec | 'nothing' | { reason: string };

/** Codecs of ours by their numcodecs "id", where no parameter matters for decoding. */
const plain: Record<string, string> = {
  zlib: 'deflate',
  gzip: 'gzip',
  zstd: 'zstd',
  blosc: 'blosc',
  lz4: 'lz4',
  bz2: 'bz2',
  fletcher32: 'fletcher32',
  packbits: 'packbits',
  base64: 'base64',
};

/** Parameters that matter, by "id": of checksums where they stand, of others the types. */
const withParameters: Record<string, string[]> = {
  crc32: ['location'],
  crc32c: ['location'],
  adler32: ['location'],
  delta: ['dtype', 'astype'],
  fixedscaleoffset: ['scale', 'offset', 'dtype', 'astype'],
  astype: ['encode_dtype', 'decode_dtype'],
};

/** The codec that undoes a codec of numcodecs with these parameters. */
export function codecOfNumcodecs(id: string, parameters: JsonObject): KnownCodec {
  if (Object.hasOwn(plain, id)) return supported(id, plain[id], {});
  if (Object.hasOwn(withParameters, id)) {
    const named = withParameters[id].filter((name) => (parameters[name] ?? null) !== null);
    return supported(id, id, Object.fromEntries(named.map((name) => [name, plainNumber(parameters[name])])));
  }
  switch (id) {
    case 'shuffle': {
      const elementsize = wholeNumber(parameters.elementsize) ?? 4;
      return elementsize <= 1 ? 'nothing' : supported(id, id, { elementsize });
    }
    case 'quantize': {
      const { dtype, astype = dtype } = parameters;
      return supported(id, 'astype', { encode_dtype: astype, decode_dtype: dtype });
    }
    // kerchunk's: a message of GRIB as its values, in the order of the file, missing ones NaN; or as the places of its points.
    case 'grib': {
      const { var: name, dtype } = parameters;
      if (name === 'latitude' || name === 'longitude')
        return { reason: 'its values are computed of the grid of a GRIB message' };
      return supported(id, id, { dtype: dtype ?? 'float32' });
    }
    // It rounded when it encoded.
    case 'bitround':
      return 'nothing';
  }
  return { reason: `codec "${id}" is not supported` };
}

/** A codec if there is one of that name here. */
function supported(id: string, name: string, configuration: object): KnownCodec {
  if (!codecNames.includes(name)) return { reason: `codec "${id}" is not supported` };
  return {
    name,
    configuration: Object.keys(configuration).length === 0 ? '' : JSON.stringify(configuration),
  };
}

/** Codecs take JSON, which has no exact integers. */
function plainNumber(value: Json): Json {
  return typeof value === 'bigint' ? Number(value) : value;
}
