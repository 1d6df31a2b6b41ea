/**
 * The merge and the manifest against the number of chunks: `node bench/manifest/run.ts [CHUNKS…]`, by hand; by default
 * 10^4 and 10^6. 10^8 takes minutes and half a gigabyte of disk. Prints a table for docs/scale.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunksOfFile } from './synthetic-archive.ts';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1e4, 1e6];
const folder = mkdtempSync(join(tmpdir(), 'hyperslab-manifest-'));
console.log(`load ${loadavg()[0].toFixed(1)} at the start`);
console.log(
  '| chunks | files | archive, TB | merge, s | peak memory, MiB | manifest, MiB | bytes a chunk | dataset, KiB | open, ms (requests, KiB) | locate a point, ms (requests, KiB) |',
);
console.log('|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
try {
  for (const size of sizes) {
    const files = Math.max(1, Math.round(size / chunksOfFile));
    const script = join(import.meta.dirname, 'merge.ts');
    const found = JSON.parse(
      execFileSync(process.execPath, [script, String(files), join(folder, 'manifest')], { encoding: 'utf8' }),
    );
    const kib = (bytes: number) => (bytes / 1024).toFixed(0);
    const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
    console.log(
      `| ${found.chunks.toLocaleString('en')} | ${found.files.toLocaleString('en')} | ${found.terabytes.toFixed(2)} | ${(found.mergeMs / 1000).toFixed(2)} | ${found.peakMib.toFixed(0)} | ${mib(found.bytes)} | ${found.bytesPerChunk.toFixed(2)} | ${kib(found.datasetBytes)} | ${found.openMs.toFixed(1)} (${found.openRequests}, ${kib(found.openBytes)}) | ${found.pointMs.toFixed(1)} (${found.pointRequests}, ${kib(found.pointBytes)}) |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
