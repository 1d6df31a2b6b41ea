/**
 * Our side of a job: computes expressions of the dataset again and again, all at once, each time from submitting them to their values:
 * `node bench/compute/client.ts STATE DATASET [--persist PARAMETER]… EXPRESSION…`. Parameters that are persisted first are, in the expressions, what
 * the workers then hold of them. Prints one line of JSON as `peer.py` does, and when each time began and ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect, type PersistedArray } from '@hyperslab/client';
import { peakOf } from '../peak-memory.ts';
import { checksumOf } from './checksum.ts';
import { toldMs } from './time-spent.ts';

// As peer.py does.
const [fewest, most, secondsForThem] = [3, 12, 10];
const { values: options, positionals } = parseArgs({
  options: { persist: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
});
const [state, name, ...texts] = positionals;
const client = await connect({ state });
const run = await client.open(name);
const persisted = new Map<string, PersistedArray>();
for (const parameter of options.persist) {
  const kept = await run.expression(parameter).persist();
  await kept.wait();
  persisted.set(parameter, kept);
}
// What workers counted for that is not to be taken for what they count for the job.
if (persisted.size > 0) await sleep(toldMs);
const expressions = texts.map((text) =>
  text.replace(/[a-z]+/g, (word) => {
    const kept = persisted.get(word);
    return kept === undefined ? word : `"${kept.reference}"`;
  }),
);
const times: { fromMs: number; toMs: number }[] = [];
const seconds: number[] = [];
let results: Awaited<ReturnType<typeof compute>> = [];

function compute() {
  return Promise.all(expressions.map((text) => run.expression(text).compute()));
}

const began = performance.now();
while (
  seconds.length < fewest ||
  (seconds.length < most && performance.now() - began < secondsForThem * 1000)
) {
  const fromMs = Date.now();
  const started = performance.now();
  results = await compute();
  seconds.push((performance.now() - started) / 1000);
  times.push({ fromMs, toMs: Date.now() });
}
for (const kept of persisted.values()) await kept.release();
client.close();
const peakMib = peakOf(process.pid);
const resultBytes = results.reduce((sum, { values }) => sum + (values as Float32Array).byteLength, 0);
console.log(JSON.stringify({ seconds, times, peakMib, resultBytes, checksums: results.map(checksumOf) }));
