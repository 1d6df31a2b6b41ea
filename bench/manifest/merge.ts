/** One size of `run.ts`, in a process of its own so that its memory is its own: `node merge.ts FILES FILE`. */
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aggregateInto, openManifest } from '@hyperslab/cube';
import { Dataset } from '@hyperslab/proto/cube';
import { createStorage } from '@hyperslab/storage';
import { chunksOfFile, syntheticArchive } from './synthetic-archive.ts';

const [files, path] = [Number(process.argv[2]), process.argv[3]];
const descriptor = openSync(path, 'w');
const sink = {
  write(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  },
};
let generating = 0;
function* measured() {
  const archive = syntheticArchive(files);
  for (;;) {
    const started = performance.now();
    const { value, done } = archive.next();
    generating += performance.now() - started;
    if (done) return;
    yield value;
  }
}
const started = performance.now();
const dataset = await aggregateInto(sink, measured(), {});
const mergeMs = performance.now() - started - generating;
closeSync(descriptor);

const storage = createStorage({ roots: [dirname(path)] });
const requests: number[] = [];
const plain = storage.open(pathToFileURL(path).href);
const source: typeof plain = {
  ...plain,
  url: plain.url,
  stat: (signal) => plain.stat(signal),
  read: (ranges, options) =>
    plain.read(ranges, { ...options, onRequest: ({ length }) => requests.push(length) }),
};
const opening = performance.now();
const manifest = await openManifest(source);
const openMs = performance.now() - opening;
const [openRequests, openBytes] = [requests.length, requests.reduce((sum, length) => sum + length, 0)];
requests.length = 0;
const variable = dataset.variables.find(({ name }) => name === 'u')!;
if (variable.data?.$case !== 'manifestArray') throw new Error('u is not in the manifest');
const middle = variable.shape.map((extent) => ({ start: Math.floor(extent / 2), count: 1, step: 1 }));
const point = performance.now();
const pieces = await Array.fromAsync(manifest.locate(variable.data.value, middle));
const pointMs = performance.now() - point;
const chunks = files * chunksOfFile;
const bytes = statSync(path).size;
const peakKib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
process.stdout.write(
  JSON.stringify({
    chunks,
    files,
    terabytes: dataset.provenance!.objectBytes / 1e12,
    mergeMs,
    peakMib: peakKib / 1024,
    bytes,
    bytesPerChunk: bytes / chunks,
    datasetBytes: Dataset.encode(dataset).finish().length,
    openMs,
    openRequests,
    openBytes,
    pointMs,
    pointRequests: requests.length,
    pointBytes: requests.reduce((sum, length) => sum + length, 0),
    located: pieces.flatMap((piece) => piece.chunks).length,
  }),
);
await storage.close();
