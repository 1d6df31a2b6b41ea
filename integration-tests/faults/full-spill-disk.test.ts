import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { writeRepeatingStore } from '../harness/write-repeating-store.ts';

// Values that are exchanged lie on the workers' disks: a job whose values have no room there ends in an error, and the mesh goes on.
describe('a disk that has no room for what a job spills', function () {
  this.timeout(240_000);
  let disk: string | undefined;
  let run: string;
  let mesh: Mesh | undefined;
  const temporary = process.env.TMPDIR;

  before(async function () {
    run = await mkdtemp(join(tmpdir(), 'hyperslab-run-'));
    // 1.3 GB of float64, about a tenth of it when it is compressed.
    await writeRepeatingStore(join(run, 'wide.zarr'), {
      times: 320,
      rows: 512,
      columns: 1024,
      different: 20,
    });
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
    const env = { HYPERSLAB_WORKER_THREADS: '1', TMPDIR: temporary ?? '/tmp' };
    mesh = await startMesh({ roots: [run], workerMemory: '448MiB', env });
    const published = await mesh.hyperslab(['publish', 'large/run', join(run, 'wide.zarr')]);
    assert.equal(published.code, 0, published.stderr);
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

  it('ends the job with an error that says so, and no other', async () => {
    const { hyperslab } = mesh!;
    const full = await hyperslab(['compute', 'large/run', 'median(t, time)', '--json'], {
      timeoutMs: 200_000,
    });
    assert.equal(full.code, 1, full.stderr);
    assert.match(full.stderr, /spill folder .*: the disk is full; make room, or give workers more memory/);
    const small = await hyperslab(['compute', 'large/run', 'max(t[time=#0])', '--json']);
    assert.equal(small.code, 0, small.stderr);
  });
});
