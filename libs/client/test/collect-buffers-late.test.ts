import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** How often the heap of a process that connects is marked while it takes buffers: at once when it is due, so that nothing depends on time. */
async function collections(when: 'late' | 'early'): Promise<number> {
  const script = join(import.meta.dirname, 'count-collections.ts');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--no-incremental-marking',
    script,
    when,
  ]);
  // V8 says there that it does not know a flag.
  assert.equal(stderr, '');
  return Number(stdout);
}

describe('a process that connects', () => {
  it('counts buffers with its heap, unless it is told not to', async () => {
    const [late, early] = [await collections('late'), await collections('early')];
    assert.ok(late < early / 2, `marked ${late} times, and ${early} times as V8 is by itself`);
  });
});
