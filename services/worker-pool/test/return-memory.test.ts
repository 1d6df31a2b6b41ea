import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findForeignFunctions } from '@hyperslab/codecs/foreign-functions';

const module = new URL('../src/return-memory.ts', import.meta.url);

/** Frees buffers between others that stay, and tells resident memory before and after, MiB. */
const fragmenting = `
  const { returnMemory } = await import('${module}');
  const kept = [];
  for (let made = 0; made < 3_000; made++) {
    const buffer = new Uint8Array(100_000 + ((made * 7_919) % 800_000)).fill(1);
    if (made % 37 === 0) kept.push(buffer);
    if (made % 100 === 0) globalThis.gc();
  }
  globalThis.gc();
  const before = process.memoryUsage.rss();
  returnMemory();
  console.log(JSON.stringify({ before, after: process.memoryUsage.rss(), kept: kept.every((each) => each[99_999] === 1) }));`;

describe('returning memory', function () {
  this.timeout(20_000);

  it('gives back what is free between buffers that stay, and leaves these alone', async function () {
    const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
    if (header.glibcVersionRuntime === undefined || findForeignFunctions() === undefined) this.skip();
    const options = ['--expose-gc', '--input-type=module', '--eval', fragmenting];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, options);
    const { before, after, kept } = JSON.parse(stdout);
    assert.ok(kept);
    assert.ok(before - after > 10 * 2 ** 20, `${before} bytes before, ${after} after`);
    assert.equal(stderr, '');
  });
});
