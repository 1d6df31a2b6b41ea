import assert from 'node:assert/strict';
import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { createStorage } from '../src/index.ts';
import { rejectsWith } from './store-contract.ts';

function throwsWith(reason: Reason, body: () => unknown): void {
  assert.throws(body, (error) => isHyperslabError(error, reason));
}

describe('roots', () => {
  it('open nothing that looks to be outside', () => {
    const storage = createStorage({ roots: ['/data/run', 'https://host/data/', 's3://bucket/run'] });
    for (const url of [
      '/data/run2/a.nc',
      '/data/run/../other.nc',
      'file:///data/run/%2e%2e/other.nc',
      '/data',
      'https://host/database',
      'https://host/data/../other',
      'https://host/data/%2e%2e/other',
      'https://host/data/..%2fother',
      'https://host:8443/data/a',
      'http://host/data/a',
      'https://host',
      'https://host./data/a',
      'https://host.other/data/a',
      'https://host/data%2f../other',
      'https://host/data/%252e%252e/..%5cother',
      'https://host/data/..;/other',
      'https://host/data/..;a=b/other',
      'https://host/data/%2e.%3b%2fother',
      's3://bucket/running/a',
      's3://bucket/run/./a',
      's3://bucket.run/a',
      's3://bucket/run/../a',
      's3://other/run/a',
    ]) {
      throwsWith('OUTSIDE_ROOTS', () => storage.open(url));
    }
  });

  it('lead to no address of the own link, whatever they are', () => {
    const hosts = ['169.254.169.254', '0xa9fea9fe', '2852039166', '169.254.43518', '[fe80::1]'];
    const others = ['[fd00:ec2::254]', '[fd20:ce::254]', '100.100.100.200', '168.63.129.16'];
    for (const host of [...hosts, ...others, '[::ffff:169.254.169.254]', '169.254.169.254:80']) {
      throwsWith('OUTSIDE_ROOTS', () => createStorage({ roots: [`http://${host}/`] }));
      const storage = createStorage({ roots: ['http://host/'] });
      throwsWith('OUTSIDE_ROOTS', () => storage.open(`http://${host}/latest/meta-data/`));
    }
  });

  it('open what is inside, however it is written', () => {
    const storage = createStorage({ roots: ['/data/run', 'https://host/data/', 's3://bucket/run'] });
    assert.equal(storage.open('/data/x/../run/a b.nc').url, 'file:///data/run/a%20b.nc');
    assert.equal(storage.open('file:///data/run/a%20b.nc').url, 'file:///data/run/a%20b.nc');
    assert.equal(storage.open('HTTPS://HOST:443/data/x?y#z').url, 'https://host/data/x?y');
    assert.equal(storage.open('https://host/data/a..;b/..c').url, 'https://host/data/a..;b/..c');
    assert.equal(storage.open('s3://bucket/run/a b').url, 's3://bucket/run/a b');
  });

  it('say what is no URL', () => {
    const storage = createStorage({ roots: ['/'] });
    for (const url of [
      'a.nc',
      './a.nc',
      '',
      'ftp://host/a',
      'file://host/a',
      'file:///a%zz',
      's3://B/a',
      'http://',
      '/a\0b',
      'file:///a%00b',
      'https://user:secret@host/a',
    ]) {
      throwsWith('URL_INVALID', () => storage.open(url));
    }
  });

  it('follow no link out of them', async () => {
    await withTemporaryDirectory(async (folder) => {
      await mkdir(join(folder, 'root'));
      await writeFile(join(folder, 'secret.nc'), 'secret');
      await symlink(join(folder, 'secret.nc'), join(folder, 'root/link.nc'));
      await symlink(folder, join(folder, 'root/up'));
      const storage = createStorage({ roots: [join(folder, 'root')] });
      for (const name of ['link.nc', 'up/secret.nc']) {
        const source = storage.open(join(folder, 'root', name));
        await rejectsWith('OUTSIDE_ROOTS', source.stat());
        await rejectsWith('OUTSIDE_ROOTS', source.read([{ offset: 0, length: 1 }]));
      }
      const listing = async (pattern: string) => {
        for await (const _ of storage.list(join(folder, 'root', pattern)));
      };
      for (const pattern of ['*.nc', 'link.nc', 'up/*', '']) {
        await rejectsWith('OUTSIDE_ROOTS', listing(`${pattern}${pattern === '' ? '/' : ''}`));
      }
      await storage.close();
    });
  });

  it('are held to when a file is switched for a link out after it was opened', async () => {
    await withTemporaryDirectory(async (folder) => {
      await mkdir(join(folder, 'root'));
      const path = join(folder, 'root/a.nc');
      await writeFile(join(folder, 'secret.nc'), 'secret');
      await writeFile(path, 'public');
      const storage = createStorage({ roots: [join(folder, 'root')] });
      const source = storage.open(path);
      const expect = await source.stat();
      await unlink(path);
      await symlink(join(folder, 'secret.nc'), path);
      await rejectsWith('OUTSIDE_ROOTS', source.read([{ offset: 0, length: 6 }], { expect }));
      await storage.close();
    });
  });

  it('never give out bytes of a file outside while a link flips to and fro', async () => {
    await withTemporaryDirectory(async (folder) => {
      await mkdir(join(folder, 'root'));
      await writeFile(join(folder, 'secret.nc'), 'secret');
      await writeFile(join(folder, 'root/public.nc'), 'public');
      const link = join(folder, 'root/link.nc');
      const targets = [join(folder, 'root/public.nc'), join(folder, 'secret.nc')];
      let flipping = true;
      const flips = (async () => {
        for (let i = 0; flipping; i++) {
          await symlink(targets[i % 2], `${link}.new`);
          await rename(`${link}.new`, link);
        }
      })();
      await symlink(targets[0], link).catch(() => undefined);
      const answers = new Set<string>();
      for (let i = 0; i < 300; i++) {
        const storage = createStorage({ roots: [join(folder, 'root')] });
        try {
          const [bytes] = await storage.open(link).read([{ offset: 0, length: 6 }]);
          answers.add(Buffer.from(bytes).toString());
        } catch (error) {
          assert.ok(isHyperslabError(error));
          answers.add(error.reason);
        }
        await storage.close();
      }
      flipping = false;
      await flips;
      assert.ok(!answers.has('secret'), [...answers].join());
    });
  });

  it('may be links themselves', async () => {
    await withTemporaryDirectory(async (folder) => {
      await mkdir(join(folder, 'real'));
      await writeFile(join(folder, 'real/a.nc'), 'abc');
      await symlink(join(folder, 'real'), join(folder, 'root'));
      const storage = createStorage({ roots: [join(folder, 'root')] });
      assert.equal((await storage.open(join(folder, 'root/a.nc')).stat()).size, 3);
      await storage.close();
    });
  });

  it('say what a folder or a pipe is', async () => {
    await withTemporaryDirectory(async (folder) => {
      const storage = createStorage({ roots: [folder] });
      await rejectsWith('URL_INVALID', storage.open(folder).stat(), /found a directory/);
      await storage.close();
      await rm(folder, { recursive: true });
    });
  });
});
