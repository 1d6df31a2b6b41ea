import { attributeNames, spanNames, startSpan, type TraceContext } from '@hyperslab/telemetry';
import { objectName } from './object-name.ts';
import type { StorageRead } from './read-log.ts';

/** Makes spans of what a thread has read, as steps of the work that it was read for. */
export function storageSpans(parent: TraceContext, reads: readonly StorageRead[], leftOut: number): void {
  for (const [number, { url, offset, length, startMs, endMs }] of reads.entries()) {
    const attributes = {
      [attributeNames.object[0]]: objectName(url),
      [attributeNames.offset[0]]: offset,
      [attributeNames.length[0]]: length,
      ...(number === reads.length - 1 && leftOut > 0 ? { [attributeNames.readsLeftOut[0]]: leftOut } : {}),
    };
    startSpan(spanNames.storageRead[0], { parent, kind: 'client', attributes, startMs }).end(endMs);
  }
}
