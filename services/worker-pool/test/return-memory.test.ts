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

/** Frees and makes a buffer again and again, and tells how many pages were new after the first time, and resident memory before and after giving back. */
const again = `
  const { keepFreedMemory, returnMemory } = await import('${module}');
  if (process.argv[1] === 'keep') keepFreedMemory(2 ** 25);
  const bytes = 2 ** 23;
  const use = () => Buffer.allocUnsafeSlow(bytes).fill(1).buffer.transfer(0);
  use();
  const faults = process.resourceUsage().minorPageFault;
  for (let time = 0; time < 20; time++) use();
  const pages = process.resourceUsage().minorPageFault - faults;
  const before = process.memoryUsage.rss();
  returnMemory();
  console.log(JSON.stringify({ pages, before, after: process.memoryUsage.rss() }));`;

async function measure(program: string, ...parameters: string[]) {
  const options = ['--expose-gc', '--input-type=module', '--eval', program, ...parameters];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, options);
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

function hasLibrary(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined && findForeignFunctions() !== undefined;
}

describe('returning memory', function () {
  this.timeout(20_000);

  it('gives back what is free between buffers that stay, and leaves these alone', async function () {
    if (!hasLibrary()) this.skip();
    const { before, after, kept } = await measure(fragmenting);
    assert.ok(kept);
    assert.ok(before - after > 10 * 2 ** 20, `${before} bytes before, ${after} after`);
  });

  it('is preceded by keeping what was freed, if that is asked for', async function () {
    if (!hasLibrary()) this.skip();
    const left = await measure(again);
    const kept = await measure(again, 'keep');
    // 20 times 8 MiB, of pages of 4 KiB or more.
    assert.ok(kept.pages < left.pages / 4, `${kept.pages} new pages, ${left.pages} without keeping`);
    assert.ok(kept.before - kept.after > 4 * 2 ** 20, `${kept.before} bytes before, ${kept.after} after`);
  });
});
