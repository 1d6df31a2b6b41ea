import { ByteWriter } from './byte-writer.ts';
import { type HeaderMessage, messageTypes } from './object-header.ts';

const allocateLate = 2;
const allocateIncrementally = 3;
const writeFillIfSet = 2 << 2;
const fillDefined = 0x20;

/** Fill Value message, version 3 (IV.A.2.f): what elements hold that were never written. */
export function fillValueMessage(value: Uint8Array | undefined, chunked: boolean): HeaderMessage {
  const allocation = chunked ? allocateIncrementally : allocateLate;
  const body = new ByteWriter().u8(3).u8(allocation | writeFillIfSet | (value ? fillDefined : 0));
  if (value) body.u32(value.length).bytes(value);
  return { type: messageTypes.fillValue, body: body.toBytes(), constant: true };
}

/** Data Layout message, version 3 (IV.A.2.i), of elements in one run. */
export function contiguousLayoutMessage(address: number, byteLength: number): HeaderMessage {
  const body = new ByteWriter().u8(3).u8(1).u64(address).u64(byteLength).toBytes();
  return { type: messageTypes.dataLayout, body };
}

/** Data Layout message, version 3, of chunks that a version 1 B-tree finds. */
export function chunkedLayoutMessage(
  index: number,
  chunkShape: readonly number[],
  elementSize: number,
): HeaderMessage {
  const body = new ByteWriter()
    .u8(3)
    .u8(2)
    .u8(chunkShape.length + 1)
    .u64(index);
  for (const extent of chunkShape) body.u32(extent);
  return { type: messageTypes.dataLayout, body: body.u32(elementSize).toBytes() };
}

/** Filter Pipeline message, version 2 (IV.A.2.l): shuffle, then deflate. Undefined when nothing is filtered. */
export function filterPipelineMessage(filters: {
  shuffle: boolean;
  deflateLevel: number;
  elementSize: number;
}): HeaderMessage | undefined {
  const [deflate, shuffle] = [1, 2];
  const optional = 1;
  const used: [number, number][] = [];
  if (filters.shuffle) used.push([shuffle, filters.elementSize]);
  if (filters.deflateLevel > 0) used.push([deflate, filters.deflateLevel]);
  if (used.length === 0) return undefined;
  const body = new ByteWriter().u8(2).u8(used.length);
  for (const [id, parameter] of used) body.u16(id).u16(optional).u16(1).u32(parameter);
  return { type: messageTypes.filterPipeline, body: body.toBytes() };
}
