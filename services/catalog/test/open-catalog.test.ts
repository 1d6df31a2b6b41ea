import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogEvent } from '@hyperslab/proto/catalog';
import { Dataset } from '@hyperslab/proto/cube';
import { withTemporaryDirectory } from '@hyperslab/testing';
import type { Catalog } from '../src/open-catalog.ts';
import { MemoryBackup } from './memory-backup.ts';
import { eventually, publish, temporaryCatalog } from './temporary-catalog.ts';

/** Runs a body with a catalog on a backup. */
async function withCatalog(
  body: (
    catalog: Awaited<ReturnType<typeof temporaryCatalog>>,
    backup: MemoryBackup,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    const backup = new MemoryBackup();
    const catalog = await temporaryCatalog(folder, backup);
    try {
      await body(catalog, backup, folder);
    } finally {
      await catalog.close();
    }
  });
}

const change = (catalog: Catalog, requestId: string, wish: Parameters<Catalog['change']>[0]['wish']) =>
  catalog.change({ requestId, caller: 'tester', wish });

describe('a catalog', () => {
  it('gives versions that count on and are never used twice', () =>
    withCatalog(async (catalog) => {
      assert.equal((await publish(catalog, 'a', { name: 'run', title: 'one' })).version, 1);
      const second = await publish(catalog, 'b', { name: 'run', title: 'two' });
      assert.equal(second.version, 2);
      assert.equal(second.publisher, 'tester');
      assert.ok(Math.abs(Number(second.published) - Date.now()) < 5_000);
      await change(catalog, 'c', { kind: 'unpublish', reference: 'run@2' });
      assert.equal((await catalog.reader.dataset('run')).title, 'one');
      await assert.rejects(catalog.reader.dataset('run@2'), { reason: 'DATASET_NOT_FOUND' });
      assert.equal((await publish(catalog, 'd', { name: 'run' })).version, 3);
      await change(catalog, 'e', { kind: 'restore', reference: 'run@2' });
      assert.deepEqual(await catalog.reader.dataset('run@2'), second);
    }));

  it('answers the same request with the same version, and other content with a refusal', () =>
    withCatalog(async (catalog, backup) => {
      const [first, again] = await Promise.all([
        publish(catalog, 'a', { name: 'run', title: 't' }),
        publish(catalog, 'a', { name: 'run', title: 't' }),
      ]);
      assert.deepEqual(first, again);
      const repeated = await publish(catalog, 'a', { name: 'run', title: 't', provenance: { bytesRead: 7 } });
      assert.deepEqual(repeated, first);
      assert.equal(backup.events.length, 1);
      await assert.rejects(publish(catalog, 'a', { name: 'run', title: 'u' }), { reason: 'REQUEST_REUSED' });
      await assert.rejects(change(catalog, 'a', { kind: 'unpublish', reference: 'run' }), {
        reason: 'REQUEST_REUSED',
      });
      // Nothing was hidden the first time; a repeat after a publish must not hide that.
      const hide = { kind: 'unpublish' as const, reference: 'run' };
      const hidden = { $case: 'unpublished', value: { name: 'run', versions: [1] } };
      assert.deepEqual(await change(catalog, 'b', hide), hidden);
      await publish(catalog, 'c', { name: 'run' });
      assert.deepEqual(await change(catalog, 'b', hide), hidden);
      assert.equal((await catalog.reader.dataset('run')).version, 2);
    }));

  it('makes no second version of what is the latest one, when asked so', () =>
    withCatalog(async (catalog, backup) => {
      const unlessSame = (requestId: string, title: string) =>
        catalog.commit(
          {
            requestId,
            caller: 'tester',
            wish: { kind: 'publish', dataset: Dataset.fromPartial({ name: 'run', title }), unlessSame: true },
          },
          AbortSignal.timeout(10_000),
        );
      const first = await unlessSame('a', 'one');
      assert.equal(first.version, 1);
      assert.deepEqual(await unlessSame('b', 'one'), first);
      assert.equal((await unlessSame('c', 'two')).version, 2);
      // The latest one counts, not any.
      assert.equal((await unlessSame('d', 'one')).version, 3);
      // At once: each is compared with what the others made.
      const many = await Promise.all(['e', 'f', 'g'].map((id) => unlessSame(id, 'three')));
      assert.deepEqual(
        many.map(({ version }) => version),
        [4, 4, 4],
      );
      // A hidden version is none that anybody sees.
      await change(catalog, 'h', { kind: 'unpublish', reference: 'run@4' });
      assert.equal((await unlessSame('i', 'three')).version, 5);
      // Without it, equal content is another version.
      assert.equal((await publish(catalog, 'j', { name: 'run', title: 'three' })).version, 6);
      assert.equal(backup.events.length, 7);
    }));

  it('answers a repeat of a publish that was the latest one the same, whatever was published since', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      let catalog = await temporaryCatalog(folder, backup);
      const unlessSame = (requestId: string, title: string) => {
        const dataset = Dataset.fromPartial({ name: 'run', title });
        const wish = { kind: 'publish' as const, dataset, unlessSame: true };
        return catalog.commit({ requestId, caller: 'tester', wish }, AbortSignal.timeout(10_000));
      };
      const old = await unlessSame('a', 'old');
      assert.deepEqual(await unlessSame('b', 'old'), old);
      assert.equal((await unlessSame('c', 'new')).version, 2);
      assert.deepEqual(await unlessSame('b', 'old'), old);
      assert.equal((await catalog.reader.dataset('run')).title, 'new');
      await assert.rejects(unlessSame('b', 'new'), { reason: 'REQUEST_REUSED' });
      await catalog.close();
      catalog = await temporaryCatalog(folder, backup);
      assert.deepEqual(await unlessSame('b', 'old'), old);
      assert.equal(backup.events.length, 2);
      await catalog.close();
    }));

  it('resolves aliases', () =>
    withCatalog(async (catalog) => {
      await publish(catalog, 'a', { name: 'run' });
      await publish(catalog, 'b', { name: 'run' });
      await change(catalog, 'c', { kind: 'setAlias', name: 'run', alias: 'operational', version: 1 });
      assert.equal((await catalog.reader.dataset('run@operational')).version, 1);
      assert.equal((await catalog.reader.dataset('run@latest')).version, 2);
      assert.deepEqual((await catalog.reader.aliases('run')).aliases, { operational: 1, latest: 2 });
      await change(catalog, 'd', { kind: 'deleteAlias', name: 'run', alias: 'operational' });
      for (const reference of ['run@operational', 'run@3', 'walk', 'run@0x', 'run@'])
        await assert.rejects(catalog.reader.dataset(reference), /not found|no such version|expected/);
      const wish = { kind: 'setAlias' as const, name: 'run', alias: 'x', version: 3 };
      await assert.rejects(change(catalog, 'e', wish), { reason: 'DATASET_NOT_FOUND' });
      for (const alias of ['latest', '3', '', 'a b'])
        await assert.rejects(change(catalog, alias, { ...wish, version: 1, alias }), {
          reason: 'INVALID_ARGUMENT',
        });
    }));

  it('refuses names that are none', () =>
    withCatalog(async (catalog) => {
      for (const name of [
        '',
        '/',
        'a/',
        '/a',
        'a//b',
        '.a',
        'a b',
        'ä',
        'a@b',
        '../a',
        'a/7.md',
        'x'.repeat(600),
      ])
        await assert.rejects(publish(catalog, `n${name}`, { name }), { reason: 'NAME_INVALID' }, name);
      assert.equal((await publish(catalog, 'ok', { name: 'a/B-2_c.nc/7' })).version, 1);
    }));

  it('sends what comes together in one append', () =>
    withCatalog(async (catalog, backup) => {
      await publish(catalog, 'first', { name: 'x' });
      const before = backup.appends;
      const many = Array.from({ length: 200 }, (_, index) =>
        publish(catalog, `r${index}`, { name: `run${index % 3}` }),
      );
      const versions = await Promise.all(many);
      assert.ok(backup.appends - before <= 5, `${backup.appends - before} appends for 200 publishes`);
      const numbers = versions.filter(({ name }) => name === 'run0').map(({ version }) => version);
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index + 1),
      );
    }));

  it('shows nothing that the backup has not, and all of it when the backup is back', () =>
    withCatalog(async (catalog, backup) => {
      await publish(catalog, 'a', { name: 'run' });
      const reached = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      backup.beforeAnswer = () => {
        reached.resolve();
        return release.promise;
      };
      const pending = publish(catalog, 'b', { name: 'run' });
      await reached.promise;
      assert.equal((await catalog.reader.dataset('run')).version, 1);
      backup.reachable = false;
      release.resolve();
      backup.beforeAnswer = () => {};
      await assert.rejects(pending, { reason: 'UNAVAILABLE' });
      await assert.rejects(publish(catalog, 'c', { name: 'run' }), (error: Error) => {
        assert.match(error.message, /can’t be changed now: the backup is not reachable; is it running\?/);
        return true;
      });
      assert.equal((await catalog.reader.dataset('run')).version, 1);
      assert.equal((await publish(catalog, 'a', { name: 'run' })).version, 1);
      backup.reachable = true;
      await eventually(async () => assert.equal((await catalog.reader.dataset('run')).version, 2));
      assert.equal((await publish(catalog, 'b', { name: 'run' })).version, 2);
      assert.equal((await publish(catalog, 'c', { name: 'run' })).version, 3);
    }));

  it('lets a publish whose manifest is nowhere fail alone', () =>
    withCatalog(async (catalog, backup) => {
      backup.missing.add('m');
      const bad = publish(catalog, 'a', { name: 'run', manifest: { sha256: 'm', size: 1 } });
      const good = publish(catalog, 'b', { name: 'run', manifest: { sha256: 'n', size: 1 } });
      await assert.rejects(bad, { reason: 'OBJECT_NOT_FOUND' });
      assert.equal((await good).version, 1);
    }));

  it('is restored from the backup, all versions, hidden ones and aliases', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      const first = await temporaryCatalog(folder, backup);
      for (const requestId of ['a', 'b', 'c'])
        await publish(first, requestId, { name: 'run', title: requestId });
      await change(first, 'd', { kind: 'unpublish', reference: 'run@2' });
      await change(first, 'e', { kind: 'setAlias', name: 'run', alias: 'good', version: 1 });
      const before = await first.reader.versions({ name: 'run', pageSize: 0, pageToken: '' });
      await first.close();
      await rm(join(folder, 'catalog.sqlite'));

      backup.reachable = false;
      const second = await temporaryCatalog(folder, backup);
      assert.throws(() => second.assertReadable(), { reason: 'UNAVAILABLE' });
      assert.match(second.readiness() ?? '', /empty/);
      backup.reachable = true;
      await eventually(() => second.assertReadable());
      assert.deepEqual(await second.reader.versions({ name: 'run', pageSize: 0, pageToken: '' }), before);
      assert.equal((await second.reader.dataset('run@good')).title, 'a');
      assert.equal((await publish(second, 'c', { name: 'run', title: 'c' })).version, 3);
      assert.equal((await publish(second, 'f', { name: 'run' })).version, 4);
      await second.close();
    }));

  it('fills an emptied backup again, also while it runs', () =>
    withCatalog(async (catalog, backup) => {
      for (const requestId of ['a', 'b', 'c']) await publish(catalog, requestId, { name: 'run' });
      const all = structuredClone(backup.events);
      backup.events = [];
      await eventually(() => assert.deepEqual(backup.events, all));
      backup.events = [];
      assert.equal(
        (await publish(catalog, 'd', { name: 'run' }).catch(() => publish(catalog, 'd', { name: 'run' })))
          .version,
        4,
      );
      await eventually(() => assert.equal(backup.events.length, 4));
      assert.deepEqual(backup.events.slice(0, 3), all);
    }));

  it('refuses the backup of another mesh and leaves both as they are', () =>
    withCatalog(async (catalog, backup) => {
      await publish(catalog, 'a', { name: 'run' });
      const other = { ...backup.events[0], requestId: 'another' };
      backup.events = [other, { ...other, sequence: 2 }];
      await eventually(() =>
        assert.rejects(publish(catalog, 'b', { name: 'run' }), { reason: 'JOURNAL_CONFLICT' }),
      );
      assert.equal((await catalog.reader.dataset('run')).version, 1);
      assert.equal(backup.events.length, 2);
    }));

  it('is watched from the past into the present', () =>
    withCatalog(async (catalog) => {
      await publish(catalog, 'a', { name: 'run' });
      await publish(catalog, 'b', { name: 'run' });
      const abort = new AbortController();
      const fromStart: CatalogEvent[] = [];
      const fromNow: CatalogEvent[] = [];
      const follow = async (into: CatalogEvent[], from: number) => {
        for await (const event of catalog.watch(from, abort.signal)) into.push(event);
      };
      const followed = [follow(fromStart, 1), follow(fromNow, 0)].map((promise) => promise.catch(() => {}));
      await eventually(() => assert.equal(fromStart.length, 2));
      await Promise.all(
        Array.from({ length: 150 }, (_, index) => publish(catalog, `w${index}`, { name: 'run' })),
      );
      await change(catalog, 'h', { kind: 'unpublish', reference: 'run' });
      await eventually(() => assert.equal(fromStart.length, 153));
      assert.deepEqual(
        fromStart.map(({ sequence }) => sequence),
        fromStart.map((_, index) => index + 1),
      );
      assert.deepEqual(fromNow, fromStart.slice(2));
      abort.abort();
      await Promise.all(followed);
    }));
});
