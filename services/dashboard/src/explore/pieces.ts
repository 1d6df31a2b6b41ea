import type { RunLengths } from '@hyperslab/proto/array';
import type { Cube, Dataset } from '@hyperslab/proto/cube';
import type { ChunkRun, PiecesView } from './messages.ts';

/** What a parameter was merged from, as far as the catalog tells; the manifest has each byte range. */
export function describePieces({ provenance, variables, manifest }: Dataset, cube: Cube): PiecesView {
  const variable = variables.find(({ name }) => name === cube.name);
  return {
    pieces: cube.pieces,
    objects: provenance?.objects ?? 0,
    objectBytes: provenance?.objectBytes ?? 0,
    bytesRead: provenance?.bytesRead ?? 0,
    sources: provenance?.sources ?? [],
    expression: provenance?.expression ?? '',
    notes: provenance?.notes ?? [],
    manifest: manifest && { sha256: manifest.sha256, bytes: manifest.size },
    chunks: (variable?.chunkGrid ?? []).map((runs, axis) => chunkRun(cube.dimensions[axis], runs)),
  };
}

function chunkRun(dimension: string, { sizes, counts }: RunLengths): ChunkRun {
  return {
    dimension,
    chunks: counts.reduce((sum, count) => sum + count, 0),
    smallest: Math.min(...sizes),
    largest: Math.max(...sizes),
  };
}
