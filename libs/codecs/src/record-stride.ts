import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt } from './codec-error.ts';
import { positiveInteger } from './configuration.ts';

/**
 * Records of one variable of a netCDF classic file out of the run of bytes that they share with other variables'
 * records: `record_bytes` bytes every `stride` bytes. The run ends with the last record's own bytes.
 */
export const recordStrideCodec: Codec = { name: 'record_stride', decode, encode, encodedBound };

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const { stride, recordBytes } = parameters(configuration);
  const records = Math.floor(decodedLength / recordBytes);
  const spanLength = encodedBound(decodedLength, configuration);
  if (records * recordBytes !== decodedLength || bytes.length !== spanLength) {
    throw codecCorrupt(
      'record_stride',
      `${spanLength} bytes with ${decodedLength / recordBytes} records of ${recordBytes} bytes every ${stride}`,
      `${bytes.length} bytes`,
    );
  }
  const result = new Uint8Array(decodedLength);
  for (let record = 0; record < records; record++) {
    const from = record * stride;
    result.set(bytes.subarray(from, from + recordBytes), record * recordBytes);
  }
  return result;
}

function encode(bytes: Uint8Array, configuration: CodecConfiguration): Uint8Array {
  const { stride, recordBytes } = parameters(configuration);
  const result = new Uint8Array(encodedBound(bytes.length, configuration));
  for (let record = 0; record * recordBytes < bytes.length; record++) {
    const from = record * recordBytes;
    result.set(bytes.subarray(from, from + recordBytes), record * stride);
  }
  return result;
}

function encodedBound(decodedLength: number, configuration: CodecConfiguration): number {
  const { stride, recordBytes } = parameters(configuration);
  const records = Math.ceil(decodedLength / recordBytes);
  return records === 0 ? 0 : (records - 1) * stride + recordBytes;
}

function parameters(configuration: CodecConfiguration): { stride: number; recordBytes: number } {
  return {
    stride: positiveInteger('record_stride', configuration, 'stride'),
    recordBytes: positiveInteger('record_stride', configuration, 'record_bytes'),
  };
}
