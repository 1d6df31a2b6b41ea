import { ravel } from '@hyperslab/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { mapConcurrently } from '../concurrent.ts';
import type { DataLayout } from '../data-layout.ts';
import type { ElementType } from '../element-type.ts';
import type { MetadataFile } from '../metadata-file.ts';
import type { VariableStorage } from '../variable-storage.ts';
import { readBoundMappings } from './bound-mappings.ts';
import { type PlacedMapping, placeMapping } from './place-mappings.ts';
import { readSource } from './source-dataset.ts';
import { commonLayout, virtualChunks } from './virtual-chunks.ts';

const sourcesAtOnce = 16;

/**
 * Layout and chunk table of a virtual dataset (HDF5 User's Guide, "Virtual Dataset"), whose chunks are those of its
 * sources; elements that no source has hold its fill value. Why they can't be, as text: its sources are not there, or are
 * stored in different ways, or a chunk of one would be cut. `variable` is described so far.
 */
export async function readVirtual(
  file: MetadataFile,
  layout: DataLayout & { kind: 'virtual' },
  element: ElementType,
  variable: IndexedVariable,
): Promise<VariableStorage | string> {
  if (element.dtype === 'string' || element.innerShape.length > 0)
    return 'its texts or arrays are in other datasets';
  const bound = await readBoundMappings(file, layout, variable.shape);
  if (typeof bound === 'string') return bound;
  const { mappings } = bound;
  if (mappings.length === 0) return 'its layout is virtual without any source';
  const placed = await mapConcurrently(mappings, sourcesAtOnce, async (mapping) => {
    const source = await readSource(file, mapping.file, mapping.dataset);
    return 'why' in source ? source.why : placeMapping(file, mapping, source, variable.shape);
  });
  const why = placed.find((mapping) => typeof mapping === 'string');
  return why ?? chunkTable(file, placed as PlacedMapping[], element.width, variable);
}

function chunkTable(
  file: MetadataFile,
  mappings: readonly PlacedMapping[],
  width: number,
  variable: IndexedVariable,
): VariableStorage | string {
  const layout = commonLayout(mappings, variable.shape, width);
  if (typeof layout === 'string') return layout;
  if (layout.storedDtype !== variable.dtype) return `its sources are of type ${layout.storedDtype}`;
  const grid = variable.shape.map((extent, axis) => Math.ceil(extent / layout.chunkShape[axis]));
  const rows = grid.reduce((product, count) => product * count, 1);
  if (!file.claimChunkRows(rows)) return `its grid of ${rows} chunks is too large for an index`;
  const column = () => new Array<number>(rows).fill(0);
  const [offsets, lengths, skippedCodecs, numbers] = [column(), column(), column(), column()];
  const isTaken = new Uint8Array(rows);
  for (const mapping of mappings) {
    const isOtherFill = fillKey(mapping.source.variable) !== fillKey(variable);
    for (const chunk of virtualChunks(mapping, layout, width)) {
      if (chunk.length === 0 && isOtherFill) {
        return 'a source has chunks that were never written, and another fill value';
      }
      const row = ravel(chunk.place, grid);
      if (isTaken[row] === 1) return 'its sources overlap';
      isTaken[row] = 1;
      offsets[row] = chunk.offset;
      lengths[row] = chunk.length;
      skippedCodecs[row] = chunk.skippedCodecs;
      numbers[row] = chunk.object;
    }
  }
  const isSkipping = skippedCodecs.some((skipped) => skipped !== 0);
  const objects = numbers.some((number) => number !== 0) ? { numbers } : undefined;
  return { layout, chunks: { offsets, lengths, skippedCodecs: isSkipping ? skippedCodecs : [], objects } };
}

function fillKey({ fillValue, fillInteger }: IndexedVariable): string {
  return `${fillValue} ${fillInteger}`;
}
