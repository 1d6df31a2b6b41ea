import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runHyperslab } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const mebibyte = 2 ** 20;

// A state directory on a disk of its own that fills up: changes are refused, what is there is served, and it goes on
// when there is space again.
describe('a full disk', function () {
  this.timeout(180_000);
  let disk: string | undefined;
  let run: string;
  let mesh: Mesh | undefined;
  const temporary = process.env.TMPDIR;

  before(async function () {
    run = await mkdtemp(join(tmpdir(), 'hyperslab-run-'));
    const made = await runHyperslab(['sample', run, '--size', '2MiB']);
    assert.equal(made.code, 0, made.stderr);
    const folder = await mkdtemp(join(tmpdir(), 'hyperslab-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      console.log('      skipped: a small file system can only be mounted by root');
      await rm(folder, { recursive: true });
      this.skip();
    }
    disk = folder;
    // Where the harness makes the state directory; compiled code is cached elsewhere.
    process.env.TMPDIR = folder;
    const env = temporary === undefined ? { TMPDIR: '/tmp' } : { TMPDIR: temporary };
    mesh = await startMesh({ roots: [run], env });
  });

  after(async () => {
    await mesh?.stop();
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    if (disk !== undefined) {
      execFileSync('umount', [disk]);
      await rm(disk, { recursive: true });
    }
    await rm(run, { recursive: true, force: true });
  });

  /** Fills the disk to the last byte. */
  async function fill(): Promise<string> {
    const filler = join(disk!, 'filler');
    for (const size of [mebibyte, 4096, 1]) {
      try {
        for (;;) await writeFile(filler, Buffer.alloc(size), { flag: 'a' });
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
      }
    }
    return filler;
  }

  it('refuses changes, serves what is there, and goes on when there is space', async () => {
    const { hyperslab } = mesh!;
    const before = await hyperslab(['publish', 'disk/before', `${run}/`]);
    assert.equal(before.code, 0, before.stderr);
    const mean = await hyperslab(['compute', 'disk/before', 'mean(t)', '--json']);

    const filler = await fill();
    const refused = await hyperslab(['publish', 'disk/refused', `${run}/`, '--json'], { timeoutMs: 90_000 });
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, /disk is full|DISK_FULL/);
    const listed = await hyperslab(['ls', '--json']);
    assert.equal(listed.code, 0, listed.stderr);
    assert.deepEqual(
      listed.json.map((dataset: { name: string }) => dataset.name),
      ['disk/before'],
    );
    const again = await hyperslab(['compute', 'disk/before', 'mean(t)', '--json']);
    assert.deepEqual(again.json, mean.json, again.stderr);

    await rm(filler);
    for (let attempt = 0; ; attempt++) {
      const after = await hyperslab(['publish', 'disk/after', `${run}/`]);
      if (after.code === 0) break;
      assert.ok(attempt < 20, `still refused: ${after.stderr}`);
      await delay(1000);
    }
    await mesh!.ready();
    const all = await hyperslab(['ls', '--json']);
    const names = all.json.map((dataset: { name: string }) => dataset.name);
    assert.ok(names.includes('disk/before') && names.includes('disk/after'), names.join());
  });
});
