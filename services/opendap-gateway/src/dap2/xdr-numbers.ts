import type { DataType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';

/**
 * Little-endian numbers as XDR (RFC 4506): big-endian, 8- and 16-bit integers as 32-bit ones, bytes as they are, 64-bit
 * integers as Float64. May use the bytes that it is given.
 * @param missing the one 64-bit integer that need not be exact, since it is no value
 * @throws HyperslabError NOT_COMPUTABLE for a 64-bit integer that Float64 doesn't hold
 */
export function xdrNumbers(
  bytes: Uint8Array,
  dtype: DataType,
  asByte: boolean,
  missing: number | bigint,
): Buffer {
  const values = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (asByte) return values;
  switch (dtype) {
    case 'int32':
    case 'uint32':
    case 'float32':
      return values.swap32();
    case 'float64':
      return values.swap64();
    case 'int8':
      return widened(values, 1, 4, (out, from, to) => out.writeInt32BE(values.readInt8(from), to));
    case 'int16':
      return widened(values, 2, 4, (out, from, to) => out.writeInt32BE(values.readInt16LE(from), to));
    case 'uint16':
      return widened(values, 2, 4, (out, from, to) => out.writeUInt32BE(values.readUInt16LE(from), to));
    case 'int64':
    case 'uint64': {
      const read = dtype === 'int64' ? values.readBigInt64LE : values.readBigUInt64LE;
      return widened(values, 8, 8, (out, from, to) =>
        out.writeDoubleBE(exactNumber(read.call(values, from), missing), to),
      );
    }
    default:
      throw new TypeError(`${dtype} has no numbers`);
  }
}

/** A 64-bit integer as Float64. Throws NOT_COMPUTABLE when it would become another number. */
export function exactNumber(value: bigint, missing: number | bigint): number {
  const number = Number(value);
  if (BigInt(number) !== value && value !== missing)
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `64-bit integer ${value}: DAP2 has only Float64 for it, which would make it ${BigInt(number)}`,
    );
  return number;
}

function widened(
  values: Buffer,
  width: number,
  xdrWidth: number,
  write: (out: Buffer, from: number, to: number) => void,
): Buffer {
  const count = values.length / width;
  const out = Buffer.allocUnsafe(count * xdrWidth);
  for (let i = 0; i < count; i++) write(out, i * width, i * xdrWidth);
  return out;
}
