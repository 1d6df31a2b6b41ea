import assert from 'node:assert/strict';
import { type DeepPartial, ListDatasetsRequest } from '@hyperslab/proto/catalog';
import { withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import type { Catalog } from '../../src/open-catalog.ts';
import { MemoryBackup } from '../memory-backup.ts';
import { publish, temporaryCatalog } from '../temporary-catalog.ts';

type Question = DeepPartial<ListDatasetsRequest>;

async function found(catalog: Catalog, question: Question): Promise<string[]> {
  return (await catalog.reader.list(ListDatasetsRequest.fromPartial(question))).datasets.map(
    ({ name }) => name,
  );
}

async function withDatasets(body: (catalog: Catalog) => Promise<void>): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    const catalog = await temporaryCatalog(folder, new MemoryBackup());
    const attributes = [{ name: 'institution', dtype: 'char', strings: ['Met Office "Exeter" 50%'] }];
    await publish(catalog, '1', {
      name: 'uk/surface',
      title: 'Surface of the UK',
      attributes,
      cubes: [
        {
          name: 't2m',
          standardName: 'air_temperature',
          longName: '2 metre temperature',
          extent: {
            timeStart: '2026-11-22T00:00:00Z',
            timeEnd: '2026-11-22T23:00:00Z',
            west: -10,
            east: 3,
            south: 49,
            north: 61,
          },
        },
        { name: 'orography', extent: { timeStart: '', timeEnd: '' } },
      ],
    });
    await publish(catalog, '2', {
      name: 'pacific/ocean',
      cubes: [
        {
          name: 'thetao',
          standardName: 'sea_water_potential_temperature',
          extent: {
            timeStart: '1990-01-16T00:00:00',
            timeEnd: '1990-02-30T00:00:00',
            west: 160,
            east: 220,
            south: -30,
            north: 30,
          },
        },
      ],
    });
    await publish(catalog, '3', {
      name: 'global',
      cubes: [
        {
          name: 'pr',
          extent: {
            timeStart: '0850-01-01',
            timeEnd: '2100-12-31',
            west: 0,
            east: 360,
            south: -90,
            north: 90,
          },
        },
      ],
    });
    try {
      await body(catalog);
    } finally {
      await catalog.close();
    }
  });
}

describe('finding datasets', () => {
  it('by words, each anywhere', () =>
    withDatasets(async (catalog) => {
      assert.deepEqual(await found(catalog, {}), ['global', 'pacific/ocean', 'uk/surface']);
      assert.deepEqual(await found(catalog, { query: 'TEMPERATURE' }), ['pacific/ocean', 'uk/surface']);
      assert.deepEqual(await found(catalog, { query: 'temp  uk' }), ['uk/surface']);
      assert.deepEqual(await found(catalog, { query: '"exeter" 50%' }), ['uk/surface']);
      assert.deepEqual(await found(catalog, { query: '2m' }), ['uk/surface']);
      assert.deepEqual(await found(catalog, { query: 'temp moon' }), []);
    }));

  it('by any words without an error', () =>
    withDatasets(async (catalog) => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (query) => {
          const names = await found(catalog, { query });
          assert.ok(names.length <= 3);
          await found(catalog, { prefix: query, parameter: query });
        }),
        { numRuns: 200 },
      );
    }));

  it('by parameter and prefix', () =>
    withDatasets(async (catalog) => {
      assert.deepEqual(await found(catalog, { parameter: 'Air_Temperature' }), ['uk/surface']);
      assert.deepEqual(await found(catalog, { parameter: 't2m' }), ['uk/surface']);
      assert.deepEqual(await found(catalog, { parameter: '2 metre temperature' }), ['uk/surface']);
      assert.deepEqual(await found(catalog, { parameter: 'temperature' }), []);
      assert.deepEqual(await found(catalog, { prefix: 'p' }), ['pacific/ocean']);
      assert.deepEqual(await found(catalog, { prefix: 'P' }), []);
    }));

  it('by time, days included, in any calendar', () =>
    withDatasets(async (catalog) => {
      assert.deepEqual(await found(catalog, { timeStart: '2026-11-22T12:00' }), ['global', 'uk/surface']);
      assert.deepEqual(await found(catalog, { timeStart: '2026-11-22T23:30' }), ['global']);
      assert.deepEqual(await found(catalog, { timeStart: '2026-11-23T01:00+02:00' }), [
        'global',
        'uk/surface',
      ]);
      assert.deepEqual(await found(catalog, { timeEnd: '2026-11-22' }), [
        'global',
        'pacific/ocean',
        'uk/surface',
      ]);
      assert.deepEqual(await found(catalog, { timeStart: '1990-02-30', timeEnd: '1990-02-30' }), [
        'global',
        'pacific/ocean',
      ]);
      assert.deepEqual(await found(catalog, { timeEnd: '0900-01' }), ['global']);
      assert.deepEqual(await found(catalog, { parameter: 'orography', timeStart: '2026-01-01' }), []);
      await assert.rejects(found(catalog, { timeStart: 'yesterday' }), { reason: 'INVALID_ARGUMENT' });
      await assert.rejects(found(catalog, { timeStart: '2027-01-01', timeEnd: '2026-01-01' }), {
        reason: 'INVALID_ARGUMENT',
      });
    }));

  it('by area, across the date line too', () =>
    withDatasets(async (catalog) => {
      const area = (west: number, south: number, east: number, north: number) => ({
        area: { west, south, east, north },
      });
      assert.deepEqual(await found(catalog, area(-5, 50, 0, 55)), ['global', 'uk/surface']);
      assert.deepEqual(await found(catalog, area(355, 50, 359, 55)), ['global', 'uk/surface']);
      assert.deepEqual(await found(catalog, area(170, -5, -170, 5)), ['global', 'pacific/ocean']);
      assert.deepEqual(await found(catalog, area(-150, -5, -145, 5)), ['global', 'pacific/ocean']);
      assert.deepEqual(await found(catalog, area(-139, -5, 159, 5)), ['global']);
      assert.deepEqual(await found(catalog, area(-180, 31, 180, 40)), ['global']);
      for (const [west, south, east, north] of [
        [0, 10, 1, 5],
        [0, -91, 1, 0],
        [Number.NaN, 0, 1, 1],
        [0, Number.NaN, 1, 1],
      ])
        await assert.rejects(found(catalog, area(west, south, east, north)), { reason: 'INVALID_ARGUMENT' });
    }));

  it('in pages, with tokens that hold for their question only', () =>
    withDatasets(async (catalog) => {
      const seen: string[] = [];
      let pageToken = '';
      do {
        const page = await catalog.reader.list(ListDatasetsRequest.fromPartial({ pageSize: 1, pageToken }));
        seen.push(...page.datasets.map(({ name }) => name));
        pageToken = page.nextPageToken;
        if (!pageToken) break;
        await assert.rejects(found(catalog, { pageToken, prefix: 'u' }), { reason: 'INVALID_ARGUMENT' });
        await assert.rejects(found(catalog, { pageToken: `${pageToken}A` }), { reason: 'INVALID_ARGUMENT' });
      } while (pageToken);
      assert.deepEqual(seen, ['global', 'pacific/ocean', 'uk/surface']);
      await assert.rejects(found(catalog, { pageToken: 'nonsense' }), { reason: 'INVALID_ARGUMENT' });
    }));
});
