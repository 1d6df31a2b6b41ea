import assert from 'node:assert/strict';
import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { publish, withEnvironment } from './run-publish.ts';

const settleMs = 10_000;
/** Long before that. */
const old = new Date(Date.now() - 3_600_000);

/** Writes a Zarr v3 store of two times with a checksum each, an hour ago. */
async function writeStore(root: string, hours: readonly [number, number]): Promise<void> {
  const time = {
    zarr_format: 3,
    node_type: 'array',
    shape: [2],
    data_type: 'float64',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [1] } },
    chunk_key_encoding: { name: 'default' },
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }],
    fill_value: 'NaN',
    dimension_names: ['time'],
    attributes: { units: 'hours since 2026-11-01' },
  };
  const group = { zarr_format: 3, node_type: 'group', attributes: {} };
  await write(join(root, 'zarr.json'), JSON.stringify(group));
  await write(join(root, 'time/zarr.json'), JSON.stringify(time));
  for (const [chunk, hour] of hours.entries()) await write(join(root, `time/c/${chunk}`), checked(hour));
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await utimes(path, old, old);
}

/** A number with its CRC-32C (RFC 3720, appendix B.4), little-endian. */
function checked(value: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeDoubleLE(value);
  let crc = 0xffffffff;
  for (const byte of bytes.subarray(0, 8)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  bytes.writeUInt32LE(~crc >>> 0, 8);
  return bytes;
}

describe('a run that is followed', () => {
  /** What is left out of a round: the store or file, why, and what is said. */
  const round = async (
    environment: Parameters<typeof publish>[0],
    folder: string,
    following = { settleMs },
  ) => {
    const urls = [join(folder, '*.zarr')];
    const { dataset } = await publish(environment, { urls, following });
    const { leftOut = [], objects } = dataset.provenance ?? {};
    return {
      objects,
      leftOut: leftOut.map(({ url, reason }) => [basename(dirname(url)), reason]),
      told: leftOut,
    };
  };

  it('does without a store with an object that was just written, wherever in it that is', () =>
    withEnvironment(async (environment, folder) => {
      for (const name of ['a', 'b'])
        await writeStore(join(folder, `${name}.zarr`), name === 'a' ? [0, 1] : [2, 3]);
      assert.deepEqual(await round(environment, folder), { objects: 2, leftOut: [], told: [] });
      for (const path of ['zarr.json', 'time/zarr.json', 'time/c/0', 'time/c/1', 'other/zarr.json']) {
        const changed = join(folder, 'b.zarr', path);
        await mkdir(dirname(changed), { recursive: true });
        if (path.startsWith('other')) await writeFile(changed, '{');
        await utimes(changed, new Date(), new Date());
        const { objects, leftOut, told } = await round(environment, folder);
        assert.deepEqual([objects, leftOut], [1, [['b.zarr', 'UNAVAILABLE']]], path);
        assert.match(
          told[0].message,
          /was last changed at .*, less than 10 s ago, and may still be being written/,
        );
        if (path !== 'zarr.json')
          assert.ok(told[0].message.includes(`b.zarr/${path} was last`), told[0].message);
        await utimes(changed, old, old);
      }
    }));

  it('takes what has a time that has not come yet once it was seen in that state for a while, twice', () =>
    withEnvironment(async (environment, folder) => {
      await writeStore(join(folder, 'a.zarr'), [0, 1]);
      await writeStore(join(folder, 'b.zarr'), [2, 3]);
      const ahead = async (seconds: number) => {
        const time = new Date(Date.now() + 1000 * seconds);
        for (const chunk of [0, 1]) await utimes(join(folder, `b.zarr/time/c/${chunk}`), old, time);
      };
      const settle = { settleMs: 200 };
      await ahead(3600);
      const first = await round(environment, folder, settle);
      assert.deepEqual([first.objects, first.leftOut], [1, [['b.zarr', 'UNAVAILABLE']]]);
      assert.match(first.told[0].message, /c\/0 was last changed at .*, by another clock than ours, and may/);
      await delay(300);
      assert.equal((await round(environment, folder, settle)).objects, 2);
      await ahead(7200);
      assert.equal((await round(environment, folder, settle)).objects, 1);
    }));

  it('does without a store in which a link leads nowhere, or a name is no UTF-8', () =>
    withEnvironment(async (environment, folder) => {
      await writeStore(join(folder, 'a.zarr'), [0, 1]);
      for (const [name, reason] of [
        ['link', 'OBJECT_NOT_FOUND'],
        [Buffer.from([0xff]), 'URL_INVALID'],
      ] as const) {
        await writeStore(join(folder, 'b.zarr'), [2, 3]);
        const odd = Buffer.concat([Buffer.from(join(folder, 'b.zarr/')), Buffer.from(name)]);
        await symlink('nowhere', odd);
        const { objects, leftOut } = await round(environment, folder);
        assert.deepEqual([objects, leftOut], [1, [['b.zarr', reason]]]);
        await rm(odd);
      }
    }));

  it('does without a store of which a checksum is wrong', () =>
    withEnvironment(async (environment, folder) => {
      await writeStore(join(folder, 'a.zarr'), [0, 1]);
      await writeStore(join(folder, 'b.zarr'), [2, 3]);
      const chunk = checked(3);
      chunk[0] ^= 1;
      await write(join(folder, 'b.zarr/time/c/1'), chunk);
      const { objects, leftOut } = await round(environment, folder);
      assert.deepEqual([objects, leftOut], [1, [['b.zarr', 'CHECKSUM_MISMATCH']]]);
      assert.equal((await readdir(folder)).length, 2);
      const urls = [join(folder, '*.zarr')];
      await assert.rejects(publish(environment, { urls }), { reason: 'CHECKSUM_MISMATCH' });
    }));
});
