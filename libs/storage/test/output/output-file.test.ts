import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { type S3Server, skip, startS3Server, withTemporaryDirectory } from '@hyperslab/testing';
import { createAtomicFile } from '../../src/file/atomic-file.ts';
import { openObjectStore } from '../../src/open-object-store.ts';
import { createOutputFile } from '../../src/output/output-file.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

const writer = new URL('./unfinished-writer.ts', import.meta.url).pathname;

describe('createOutputFile: folder', () => {
  it('shows nothing before it is whole, and takes it in any order', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.bin');
      const file = await createOutputFile(path);
      await file.write(bytes('lab'), 2);
      await file.write(bytes('s'), 0);
      assert.ok(!(await readdir(folder)).includes('a.bin'));
      await file.commit(6);
      assert.deepEqual(await readFile(path), Buffer.from('s\0lab\0'));
      await file.discard();
      assert.deepEqual(await readdir(folder), ['a.bin']);
    }));

  it('refuses a file that is there, also one that came meanwhile, and replaces it when told to', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.bin');
      const file = await createOutputFile(path);
      await writeFile(path, 'first');
      await assert.rejects(file.commit(1), /a\.bin: is there already/);
      await file.discard();
      await assert.rejects(createOutputFile(path), (error) => isHyperslabError(error, 'INVALID_ARGUMENT'));
      assert.deepEqual(await readdir(folder), ['a.bin']);
      assert.equal(await readFile(path, 'utf8'), 'first');
      const other = await createOutputFile(path, { overwrite: true });
      await other.write(bytes('second'), 0);
      await other.commit(6);
      assert.equal(await readFile(path, 'utf8'), 'second');
    }));

  it('refuses at the beginning what would fail at the end', () =>
    withTemporaryDirectory(async (folder) => {
      const isInvalid = (error: unknown) => isHyperslabError(error, 'INVALID_ARGUMENT');
      await mkdir(join(folder, 'a'));
      for (const name of ['a', 'b.bin/', `${'n'.repeat(240)}.bin`])
        await assert.rejects(createOutputFile(join(folder, name), { overwrite: true }), isInvalid);
      assert.deepEqual(await readdir(folder), ['a']);
    }));

  it('says where there is no folder, and that the file grew too large', () =>
    withTemporaryDirectory(async (folder) => {
      await assert.rejects(createOutputFile(join(folder, 'no', 'a.bin')), (error) =>
        isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
      // 64 blocks of 1 KiB or of 512 bytes, as the shell counts.
      const child = spawn('sh', [
        '-c',
        `trap '' XFSZ; ulimit -f 64; exec "$@"`,
        'sh',
        process.execPath,
        writer,
        folder,
        '1000000',
      ]);
      let said = '';
      child.stdout.on('data', (data) => {
        said += data;
      });
      await once(child, 'close');
      assert.match(said, /DISK_FULL .*a\.bin: larger than a file may be here/);
      assert.deepEqual(await readdir(folder), []);
    }));

  it('removes what a killed writer left, and nothing of a living one', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.bin');
      const living = await createAtomicFile(path);
      const child = spawn(process.execPath, [writer, folder, '-1'], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      assert.equal((await readdir(folder)).length, 2);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const elsewhere = ['.a.bin.other.1.0123456789ab.part', '.a.bin.other.1.ba9876543210.part'];
      for (const name of elsewhere) await writeFile(join(folder, name), '');
      await utimes(join(folder, elsewhere[0]), 1, 1);
      const notOurs = ['.a.bin.part', `.a.bin.${hostname()}.part`];
      for (const name of notOurs) await writeFile(join(folder, name), '');
      const file = await createOutputFile(path);
      await file.commit(0);
      await living.discard();
      assert.deepEqual((await readdir(folder)).sort(), ['a.bin', elsewhere[1], ...notOurs].sort());
    }));
});

describe('createOutputFile: S3 (needs versitygw)', () => {
  let server: S3Server | undefined;
  let folder = '';
  let done: () => void;
  let cleaned: Promise<void>;

  before(async function () {
    await new Promise<void>((ready, failed) => {
      cleaned = withTemporaryDirectory(async (path) => {
        folder = path;
        server = await startS3Server(path, ['bucket']);
        await new Promise<void>((resolve) => {
          done = resolve;
          ready();
        });
      });
      cleaned.catch(failed);
    });
    if (server === undefined) skip(this, 'no versitygw; `npm test` gets it');
  });

  after(async () => {
    await server?.stop();
    done();
    await cleaned;
  });

  it('puts it in parts, with any key, at its end', async () => {
    const { env } = server!;
    const url = 's3://bucket/runs/t=0 °C.nc';
    const file = await createOutputFile(url, { env });
    const part = new Uint8Array(20 * 2 ** 20).fill(7);
    await file.write(part, 0);
    await file.write(bytes('end'), part.length);
    assert.deepEqual(await readdir(join(folder, 'bucket')), []);
    await file.commit(part.length + 3);
    const found = await readFile(join(folder, 'bucket', 'runs', 't=0 °C.nc'));
    assert.equal(found.length, part.length + 3);
    assert.equal(found.subarray(-4).toString(), '\x07end');
    await assert.rejects(createOutputFile(url, { env }), /is there already/);
  });

  it('leaves nothing when it is discarded or its upload is cancelled', async () => {
    const { env } = server!;
    const discarded = await createOutputFile('s3://bucket/b.nc', { env });
    await discarded.discard();
    const abort = new AbortController();
    const file = await createOutputFile('s3://bucket/c.nc', { env, signal: abort.signal });
    abort.abort();
    await assert.rejects(file.commit(10), (error) => isHyperslabError(error, 'CANCELLED'));
    await file.discard();
    const store = openObjectStore('s3://bucket/', env);
    const names: string[] = [];
    for await (const { url } of store.list('')) names.push(url);
    await store.close();
    assert.ok(
      names.every((url) => !/[bc]\.nc$/.test(url)),
      names.join(),
    );
  });

  it('refuses what is no key', async () => {
    const { env } = server!;
    await assert.rejects(createOutputFile('s3://bucket/', { env }), (error) =>
      isHyperslabError(error, 'URL_INVALID'),
    );
    await assert.rejects(createOutputFile('https://server/a.nc', { env }), (error) =>
      isHyperslabError(error, 'URL_INVALID'),
    );
  });
});
