import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { CatalogEvent } from '@hyperslab/proto/catalog';
import { Dataset } from '@hyperslab/proto/cube';
import { withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { datasetFilter } from '../../src/find/dataset-filter.ts';
import type { CatalogStore } from '../../src/store/catalog-store.ts';
import { openSqliteCatalogStore } from '../../src/store/sqlite-catalog-store.ts';

/** A plain model of what events mean. */
class Model {
  versions = new Map<string, { title: string; hidden: boolean }[]>();
  aliases = new Map<string, Map<string, number>>();

  apply({ change }: CatalogEvent): void {
    if (change?.$case === 'published') {
      const of = this.versions.get(change.value.name) ?? [];
      of[change.value.version - 1] = { title: change.value.title, hidden: false };
      this.versions.set(change.value.name, of);
    } else if (change?.$case === 'unpublished' || change?.$case === 'restored')
      for (const version of change.value.versions)
        this.versions.get(change.value.name)![version - 1].hidden = change.$case === 'unpublished';
    else if (change?.$case === 'aliasSet' || change?.$case === 'aliasDeleted') {
      const { name, alias, version } = change.value;
      const of = this.aliases.get(name) ?? new Map();
      if (change.$case === 'aliasSet') of.set(alias, version);
      else of.delete(alias);
      this.aliases.set(name, of);
    }
  }

  state() {
    return [...this.versions].map(([name, versions]) => ({
      name,
      versions: versions.map(({ title, hidden }, index) => ({ version: index + 1, title, hidden })),
      latest: versions.findLastIndex(({ hidden }) => !hidden) + 1,
      aliases: new Map([...(this.aliases.get(name) ?? [])].sort()),
    }));
  }
}

async function stateOf(store: CatalogStore, names: string[]) {
  return Promise.all(
    names.map(async (name) => ({
      name,
      versions: (await store.versions(name, Number.MAX_SAFE_INTEGER, 1000))
        .reverse()
        .map(({ version, title, hidden }) => ({ version, title, hidden })),
      latest: (await store.latestVersion(name)) ?? 0,
      aliases: await store.aliases(name),
    })),
  );
}

const names = ['a', 'b/c'];

/** Choices that `eventsOf` makes a valid history of. */
const choices = fc.array(
  fc.record({
    kind: fc.constantFrom('published', 'published', 'unpublished', 'restored', 'aliasSet', 'aliasDeleted'),
    name: fc.constantFrom(...names),
    pick: fc.nat(100),
  }),
  { maxLength: 40 },
);

function eventsOf(history: { kind: string; name: string; pick: number }[]): CatalogEvent[] {
  const counts = new Map<string, number>();
  const events: CatalogEvent[] = [];
  for (const { kind, name, pick } of history) {
    const count = counts.get(name) ?? 0;
    const version = (pick % Math.max(count, 1)) + 1;
    if (count === 0 && kind !== 'published') continue;
    const change = {
      published: () => {
        counts.set(name, count + 1);
        const cubes = [{ name: `p${pick}`, standardName: 'air_temperature' }];
        const value = Dataset.fromPartial({ name, version: count + 1, title: `title ${pick}`, cubes });
        return { $case: 'published' as const, value };
      },
      unpublished: () => ({ $case: 'unpublished' as const, value: { name, versions: [version] } }),
      restored: () => ({ $case: 'restored' as const, value: { name, versions: [version] } }),
      aliasSet: () => ({ $case: 'aliasSet' as const, value: { name, alias: `x${pick % 3}`, version } }),
      aliasDeleted: () => ({
        $case: 'aliasDeleted' as const,
        value: { name, alias: `x${pick % 3}`, version },
      }),
    }[kind as 'published'];
    const sequence = events.length + 1;
    const time = new Date(1_700_000_000_000 + sequence);
    events.push({ sequence, time, caller: 'c', requestId: `r${sequence}`, change: change() });
  }
  return events;
}

describe('replaying events', () => {
  it('makes the state that they mean, in whatever portions and however often they come', () =>
    fc.assert(
      fc.asyncProperty(
        choices,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (history, portions) => {
          await withTemporaryDirectory(async (folder) => {
            const events = eventsOf(history);
            const model = new Model();
            for (const event of events) model.apply(event);
            const known = names.filter((name) => model.versions.has(name));
            const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

            const whole = openSqliteCatalogStore(join(folder, 'whole.sqlite'));
            await whole.apply(events);
            assert.deepEqual(await stateOf(whole, known), model.state().sort(byName));

            // Through the outbox, in portions, each told twice.
            const parts = openSqliteCatalogStore(join(folder, 'parts.sqlite'));
            for (let at = 0, turn = 0; at < events.length; turn++) {
              const portion = events.slice(at, at + portions[turn % portions.length]);
              await parts.addPending(portion);
              assert.equal((await parts.positions()).durable, at);
              await parts.apply(portion);
              await parts.apply(events.slice(0, at + portion.length));
              at += portion.length;
            }
            assert.deepEqual(await stateOf(parts, known), await stateOf(whole, known));
            const everything = datasetFilter({
              ...{
                query: '',
                parameter: '',
                timeStart: '',
                timeEnd: '',
                prefix: '',
                pageSize: 0,
                pageToken: '',
              },
            });
            assert.deepEqual(await parts.find(everything, '', 100), await whole.find(everything, '', 100));
            assert.deepEqual(
              (await whole.find(everything, '', 100)).map(({ name, version }) => [name, version]),
              model
                .state()
                .sort(byName)
                .filter(({ latest }) => latest > 0)
                .map(({ name, latest }) => [name, latest]),
            );
            assert.deepEqual(await parts.events(1, 1000), events);
            await whole.close();
            await parts.close();
          });
        },
      ),
      { numRuns: 25 },
    ));

  it('refuses a gap and other content, and changes nothing then', () =>
    withTemporaryDirectory(async (folder) => {
      const store = openSqliteCatalogStore(join(folder, 'catalog.sqlite'));
      const events = eventsOf([1, 2, 3].map((pick) => ({ kind: 'published', name: 'a', pick })));
      await assert.rejects(store.apply([events[0], events[2]]), { reason: 'JOURNAL_GAP' });
      assert.deepEqual(await store.positions(), { durable: 0, last: 0 });
      await store.apply(events);
      await assert.rejects(store.apply([{ ...events[1], caller: 'other' }]), { reason: 'JOURNAL_CONFLICT' });
      await store.close();
    }));

  it('keeps an event whole through a database that was closed', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'catalog.sqlite');
      const events = eventsOf([{ kind: 'published', name: 'a', pick: 1 }]);
      const first = openSqliteCatalogStore(path);
      await first.addPending(events);
      await first.close();
      const second = openSqliteCatalogStore(path);
      assert.deepEqual(await second.pending(), events);
      assert.equal(await second.latestVersion('a'), undefined);
      assert.equal(await second.lastVersion('a'), 1);
      await second.close();
    }));
});
