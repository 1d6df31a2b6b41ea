import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { copyRegion, elementCount } from '@hyperslab/array';
import { decodeChunk } from '@hyperslab/codecs';
import type { Dataset } from '@hyperslab/proto/cube';
import { memorySource } from '@hyperslab/storage';
import { openManifest } from '../src/index.ts';

/** Values of a variable through the manifest: what a reader does, without its haste. NaN where data are missing. */
export async function readWhole(
  dataset: Dataset,
  manifestBytes: Uint8Array,
  name: string,
): Promise<number[]> {
  const variable = dataset.variables.find((candidate) => candidate.name === name)!;
  assert.ok(variable.data?.$case === 'manifestArray');
  const { shape } = variable;
  const values = new Float64Array(elementCount(shape)).fill(NaN);
  const manifest = await openManifest(memorySource('m', manifestBytes));
  for await (const { object, chunks, layout } of manifest.locate(
    variable.data.value,
    shape.map((count) => ({ start: 0, count, step: 1 })),
  )) {
    if (object === undefined) continue;
    const file = readFileSync(object.url);
    for (const { origin, shape: box, offset, length, skippedCodecs } of chunks) {
      const arrayShape = layout.edgeChunksPadded ? layout.chunkShape : box;
      const stored = file.subarray(offset, offset + length);
      const decoded = decodeChunk(stored, layout, elementCount(arrayShape), skippedCodecs);
      const first = origin.map(() => 0);
      copyRegion(
        Float64Array.from(decoded as ArrayLike<number>),
        { arrayShape, origin: first },
        values,
        { arrayShape: shape, origin },
        box,
      );
    }
  }
  return [...values];
}
