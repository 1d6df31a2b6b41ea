import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { MergeOptions } from '@hyperslab/proto/merge';
import { memorySource } from '@hyperslab/storage';
import fc from 'fast-check';
import { aggregate, openManifest } from '../../src/index.ts';
import type { FileSketch } from '../build-index.ts';
import { fieldFile, fieldSet, type Row } from './field-sketches.ts';
import { auxiliary, coordinate, merge, mergeWith, scalar, shapes, step, valuesOf } from './merge-sketches.ts';

type Merged = Awaited<ReturnType<typeof mergeWith>>;

/** URL of the piece at each place of the leading dimensions, "-" where data are missing. */
async function places({ dataset, manifest }: Merged, name: string, rank: number): Promise<string[]> {
  const variable = dataset.variables.find((each) => each.name === name);
  assert.ok(variable?.data?.$case === 'manifestArray');
  const open = await openManifest(memorySource('m', manifest));
  const ranges = variable.shape.map((count) => ({ start: 0, count, step: 1 }));
  const found = new Map<string, string>();
  for await (const { object, chunks, origin } of open.locate(variable.data.value, ranges))
    found.set(
      origin.slice(0, rank).join(),
      object === undefined ? '-' : `${object.url}@${chunks[0]?.offset}`,
    );
  return [...found.values()];
}

function missingOf({ dataset }: Merged, name: string): unknown[] {
  const variable = dataset.variables.find((each) => each.name === name);
  assert.ok(variable?.data?.$case === 'inlineValues');
  const { values, mask } = decodeArray(variable.data.value);
  return Array.from(values as ArrayLike<number>, (value, i) => (mask?.[i] === 1 ? null : value));
}

const member = (
  url: string,
  time: number,
  number: number,
  more: FileSketch['variables'] = {},
): FileSketch => {
  const file = step(url, [time], { variables: { member: scalar(number), ...more } });
  file.variables.t = { dimensions: ['time', 'y'], attributes: { coordinates: 'member' } };
  return file;
};
const allow = { allowMissing: true };

describe('missing data where that is allowed', () => {
  it('fills the place of a member that is not there, with a note; else the option is named', async () => {
    const files = [member('a', 0, 1), member('b', 0, 2), member('c', 1, 1)];
    const merged = await mergeWith(allow, ...files);
    assert.deepEqual(shapes(merged.dataset), { t: 'member:2 time:2 y:2' });
    assert.deepEqual(await places(merged, 't', 2), ['a@4096', 'c@4096', 'b@4096', '-']);
    assert.equal(merged.dataset.cubes[0].pieces, 3);
    assert.deepEqual(merged.dataset.provenance?.notes, [
      't: missing data in 1 of 4 places, in which no piece lies',
    ]);
    await assert.rejects(merge(...files), /or publish with --allow-missing/);
  });

  it('puts every piece where its coordinates say, whatever is there', async () => {
    const place = fc.record({ time: fc.integer({ min: 0, max: 4 }), number: fc.integer({ min: 0, max: 4 }) });
    const places = fc.uniqueArray(place, {
      minLength: 1,
      maxLength: 15,
      selector: ({ time, number }) => `${time} ${number}`,
    });
    await fc.assert(
      fc.asyncProperty(places, async (all) => {
        const { dataset, manifest } = await mergeWith(
          allow,
          ...all.map(({ time, number }) => member(`${time} ${number}`, time, number)),
        );
        const [cube] = dataset.cubes;
        const variable = dataset.variables.find(({ name }) => name === 't')!;
        assert.ok(variable.data?.$case === 'manifestArray');
        const open = await openManifest(memorySource('m', manifest));
        const seen = new Set<string>();
        for await (const { object, origin } of open.locate(
          variable.data.value,
          variable.shape.map((count) => ({ start: 0, count, step: 1 })),
        )) {
          const valueAt = (name: string) => {
            const { dimensions } = coordinate(cube, name);
            const shape = dimensions.map((each) => cube.shape[cube.dimensions.indexOf(each)]);
            const at = dimensions.reduce(
              (sum, each, d) => sum * shape[d] + origin[cube.dimensions.indexOf(each)],
              0,
            );
            return valuesOf(dataset, name)[at];
          };
          if (object === undefined) continue;
          assert.equal(object.url, `${valueAt('time')} ${valueAt('member')}`);
          seen.add(object.url);
        }
        assert.equal(seen.size, all.length);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same cube as without the option where nothing is missing', async () => {
    const files = [member('a', 0, 1), member('b', 0, 2), member('c', 1, 1), member('d', 1, 2)];
    assert.deepEqual((await mergeWith(allow, ...files)).dataset.cubes, (await merge(...files)).dataset.cubes);
  });

  it('keeps apart what lies on different grids', async () => {
    const fine = member('f', 0, 1, {
      y: { dtype: 'float32', dimensions: ['y'], values: [1, 2], attributes: { units: 'degrees_north' } },
    });
    const { dataset } = await mergeWith(allow, member('a', 0, 1), member('b', 0, 2), member('c', 1, 1), fine);
    assert.deepEqual(shapes(dataset), { t: 'time:1 y:2', t__2: 'member:2 time__2:2 y__2:2' });
  });

  it('fills holes among messages of one file, whose other coordinates follow', async () => {
    const rows: Row[] = [0, 12].flatMap((run) =>
      [6, 12, 18].map((period) => ({
        time: run + period,
        forecast_reference_time: run,
        forecast_period: period,
      })),
    );
    const ragged = rows.filter((_, i) => i !== 5);
    const index = fieldFile('a', { pl: [fieldSet('t', ragged)] });
    const merged = await aggregate([index], { merge: MergeOptions.fromPartial(allow) });
    assert.deepEqual(merged.dataset.cubes[0].dimensions.slice(0, 2), [
      'forecast_reference_time',
      'forecast_period',
    ]);
    assert.deepEqual(await places(merged, 't', 2), ['a@0', 'a@1000', 'a@2000', 'a@3000', 'a@4000', '-']);
    assert.deepEqual(valuesOf(merged.dataset, 'forecast_period'), [6, 12, 18]);
  });

  it('gives valid times to both axes of a forecast, though they follow one as far as there are pieces', async () => {
    const rows = [
      [0, 6],
      [0, 12],
      [6, 6],
      [12, 12],
      [12, 18],
    ].map(([run, period]) => ({
      time: run + period,
      forecast_reference_time: run,
      forecast_period: period,
    }));
    const { dataset, manifest } = await aggregate([fieldFile('a', { pl: [fieldSet('t', rows)] })], {
      merge: MergeOptions.fromPartial(allow),
    });
    assert.deepEqual(dataset.cubes[0].shape.slice(0, 2), [3, 3]);
    assert.deepEqual(missingOf({ dataset, manifest }, 'time'), [6, 12, null, 12, null, null, null, 24, 30]);
  });

  it('takes labels of members from their other pieces, and none where there is no other', async () => {
    const labelled = (url: string, time: number, number: number, quality: number) => {
      const file = member(url, time, number, { label: scalar(100 + number), quality: scalar(quality) });
      file.variables.t.attributes = { coordinates: 'member label quality' };
      return file;
    };
    const merged = await mergeWith(
      allow,
      labelled('a', 0, 1, 5),
      labelled('b', 0, 2, 6),
      labelled('c', 1, 1, 6),
    );
    const [cube] = merged.dataset.cubes;
    assert.deepEqual(coordinate(cube, 'label'), { role: auxiliary, dimensions: ['member'] });
    assert.deepEqual(valuesOf(merged.dataset, 'label'), [101, 102]);
    assert.deepEqual(coordinate(cube, 'quality'), { role: auxiliary, dimensions: ['member', 'time'] });
    assert.deepEqual(missingOf(merged, 'quality'), [5, 6, 6, null]);
  });

  it('lets what differs between files follow their grid', async () => {
    const counted = (url: string, time: number, number: number, count: number) =>
      member(url, time, number, { count: scalar(count) });
    const merged = await mergeWith(
      allow,
      counted('a', 0, 1, 5),
      counted('b', 0, 2, 6),
      counted('c', 1, 1, 7),
    );
    assert.deepEqual(shapes(merged.dataset), { t: 'member:2 time:2 y:2', count: 'member:2 time:2' });
    assert.deepEqual(missingOf(merged, 'count'), [5, 7, 6, null]);
  });

  it('still refuses two pieces in one place, and a grid of hardly any pieces', async () => {
    await assert.rejects(mergeWith(allow, member('a', 0, 1), member('b', 0, 1), member('c', 1, 2)), (error) =>
      isHyperslabError(error, 'MERGE_CONFLICT'),
    );
    const sparse = Array.from({ length: 600 }, (_, i) => {
      const [a, b] = i < 300 ? [i, 0] : [0, i];
      const file = member(`${i}`, 0, a, { other: scalar(b) });
      file.variables.t.attributes = { coordinates: 'member other' };
      return file;
    });
    await assert.rejects(mergeWith(allow, ...sparse), (error) => {
      assert.ok(isHyperslabError(error, 'TOO_LARGE'), String(error));
      assert.match(
        error.message,
        /600 pieces lie on a grid of 300 member by 301 other, that is 90300 places; expected up to 4 times the pieces or 65536/,
      );
      return true;
    });
  });
});
