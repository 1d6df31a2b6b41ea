import { createHash } from 'node:crypto';
import { gridShape, wholeSelection } from '@hyperslab/array';
import {
  aggregate,
  ManifestBuilder,
  type ManifestPiece,
  type ManifestSink,
  manifestUrl,
  openManifest,
} from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { Dataset, type Variable } from '@hyperslab/proto/cube';
import type { ResultDescription } from '@hyperslab/proto/expression';
import { memorySource } from '@hyperslab/storage';
import { coordinateValues } from './coordinate-values.ts';
import { putManifest } from './put-manifest.ts';
import { resultIndex } from './result-index.ts';
import { decodeStoredBlock } from './store-block.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** Makes a dataset of a computed array whose blocks are stored, and puts its manifest into the object store. */
export async function publishStored(environment: TaskEnvironment, request: TaskRequest): Promise<Uint8Array> {
  const { plan, signal } = request;
  const { result, publish } = plan;
  if (result === undefined || publish === undefined)
    throw new HyperslabError('INTERNAL', 'publish of a computed array: its plan does not describe it');
  const [expression, ...sources] = publish.urls;
  const index = await resultIndex(result, expression, (values) =>
    coordinateValues(environment, request, values),
  );
  const { dataset, manifest } = await aggregate([index], { sources });
  const write = async (sink: ManifestSink): Promise<Dataset> => {
    const builder = new ManifestBuilder(sink);
    const stored = await storedPieces(builder, request, result);
    for (const variable of dataset.variables) {
      if (variable.name === result.name) placeStored(builder, variable, result, stored.pieces);
      else await keepEmbedded(builder, variable, manifest);
    }
    const provenance = {
      sources,
      objects: stored.pieces.length,
      objectBytes: stored.bytes,
      bytesRead: 0,
      expression: `${expression} of ${sources.join(', ')}`,
      notes: dataset.provenance?.notes ?? [],
      leftOut: [],
    };
    return { ...dataset, manifest: builder.finish(), provenance };
  };
  return Dataset.encode(await putManifest(environment, write, signal)).finish();
}

async function storedPieces(
  builder: ManifestBuilder,
  { plan, stage, readBlock, signal }: TaskRequest,
  { name }: ResultDescription,
): Promise<{ pieces: ManifestPiece[]; bytes: number }> {
  const [input] = plan.stages[stage].inputs;
  const pieces: ManifestPiece[] = [];
  let bytes = 0;
  for (let task = 0; task < plan.stages[input].tasks; task++) {
    signal.throwIfAborted();
    const { index, packing } = decodeStoredBlock(await readBlock(input, task));
    const { layout, chunks } = index.root!.variables[0];
    bytes += index.version!.size;
    pieces.push({
      object: builder.addObject(index.url, index.version!),
      layout: layout!,
      packing,
      offsets: chunks!.offsets,
      lengths: chunks!.lengths,
      skippedCodecs: [],
      name: `block ${task} of ${name}`,
    });
  }
  return { pieces, bytes };
}

/** Says of the result's variable that its values are the stored blocks. */
function placeStored(
  builder: ManifestBuilder,
  variable: Variable,
  { shape, blockGrid }: ResultDescription,
  pieces: ManifestPiece[],
): void {
  const cells = gridShape(blockGrid).reduce((product, count) => product * count, 1);
  variable.data = {
    $case: 'manifestArray',
    value: builder.addArray({ shape, pieceGrid: blockGrid, pieces: pieces.slice(0, cells) }),
  };
  variable.chunkGrid = blockGrid;
  const packings = new Set(pieces.map(({ packing }) => JSON.stringify(packing)));
  const alike = packings.size === 1;
  variable.storedDtype = alike ? variable.dtype : '';
  variable.packing = alike ? pieces[0].packing : undefined;
}

/** Takes a large coordinate over from the manifest that the merge made, in which its values lie. */
async function keepEmbedded(
  builder: ManifestBuilder,
  variable: Variable,
  manifest: Uint8Array,
): Promise<void> {
  if (variable.data?.$case !== 'manifestArray') return;
  const source = memorySource(createHash('sha256').update(manifest).digest('hex'), manifest);
  const opened = await openManifest(source);
  const array = variable.data.value;
  const pieces: ManifestPiece[] = [];
  for await (const piece of opened.locate(array, wholeSelection(variable.shape))) {
    if (piece.object?.url !== manifestUrl)
      throw new HyperslabError(
        'INTERNAL',
        `coordinate "${variable.name}": its values are not in the manifest`,
      );
    const kept = piece.chunks.map(({ offset, length }) =>
      builder.embed(manifest.subarray(offset, offset + length)),
    );
    pieces.push({
      object: kept[0].object,
      layout: piece.layout,
      packing: piece.packing,
      offsets: kept.map(({ offset }) => offset),
      lengths: piece.chunks.map(({ length }) => length),
      skippedCodecs: piece.chunks.map(({ skippedCodecs }) => skippedCodecs),
      name: variable.name,
    });
  }
  if (pieces.length !== 1)
    throw new HyperslabError(
      'INTERNAL',
      `coordinate "${variable.name}": expected one piece, found ${pieces.length}`,
    );
  const pieceGrid = variable.shape.map((extent) => ({ sizes: [extent], counts: [1] }));
  variable.data.value = builder.addArray({ shape: variable.shape, pieceGrid, pieces });
}
