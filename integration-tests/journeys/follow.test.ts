import assert from 'node:assert/strict';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, FollowEvent } from '@hyperslab/client';
import { runHyperslab } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { writeMember } from '../harness/write-member.ts';

const valueAt = (time: number, point: number) => time * 10 + point;

// Files of a run come one after the other, one of them slowly: versions grow, nothing is read twice, nothing half is published.
describe('a run that is followed', function () {
  this.timeout(180_000);
  let mesh: Mesh;
  let client: Client;
  let run: string;
  let following: Promise<void>;
  const stop = new AbortController();
  const events: FollowEvent[] = [];

  const pathOf = (time: number) => join(run, `t${time}.nc`);
  /** A file as models write them: beside its place, then moved there. */
  const arrive = async (time: number) => {
    await writeMember(join(mesh.state, 'writing', `t${time}.nc`), { times: [time], valueAt });
    await rename(join(mesh.state, 'writing', `t${time}.nc`), pathOf(time));
  };

  before(async () => {
    mesh = await startMesh();
    run = join(mesh.state, 'run');
    client = await mesh.client();
    await writeMember(pathOf(0), { times: [0], valueAt });
    following = (async () => {
      const options = { everyMs: 500, settleMs: 2_500, signal: stop.signal };
      for await (const event of client.follow('follow/run', [join(run, '*.nc')], options)) events.push(event);
    })();
    following.catch(() => undefined);
  });

  after(async () => {
    stop.abort();
    await following?.catch(() => undefined);
    await mesh?.stop();
  });

  /** Waits until an event has been told since the last look; fails with what was told instead. */
  async function until(
    what: string,
    holds: (event: FollowEvent) => boolean | Promise<boolean>,
  ): Promise<void> {
    for (let looked = 0, waits = 0; ; ) {
      for (; looked < events.length; looked++) if (await holds(events[looked])) return;
      const ended = await Promise.race([following.then(() => true), delay(100, false)]);
      if (ended || waits++ > 600) assert.fail(`${what}: ${JSON.stringify(events.slice(-10))}`);
    }
  }

  /** Waits for a version with so many times, and compares its values; answers the bytes that were read for it. */
  async function untilTimes(count: number): Promise<number> {
    let read = 0;
    await until(`${count} times`, async (event) => {
      if (event.kind !== 'published') return false;
      const { name, version } = event.published;
      const dataset = await client.open(`${name}@${version}`);
      const { values, shape } = await dataset.cube('t').compute();
      const expected = Array.from({ length: shape[0] * 6 }, (_, i) => valueAt(Math.floor(i / 6), i % 6));
      assert.deepEqual([...values].map(Number), expected, `${name}@${version}`);
      read = dataset.metadata.provenance?.bytesRead ?? 0;
      return shape[0] === count;
    });
    return read;
  }

  it('has its first file as its first version, once nobody writes it any more', async () => {
    await until('told that there is nothing yet', ({ kind }) => kind === 'failed');
    const [first] = events;
    assert.ok(first.kind === 'failed' && first.error.reason === 'OBJECT_NOT_FOUND');
    assert.match(first.error.message, /t0\.nc: it was last changed at .* may still be being written/);
    assert.ok((await untilTimes(1)) > 0);
  });

  it('gets a version for each new file, and reads no other', async () => {
    for (const time of [1, 2]) {
      await arrive(time);
      const read = await untilTimes(time + 1);
      const { size } = await stat(pathOf(time));
      assert.ok(read > 0 && read <= size, `read ${read} bytes; the new file has ${size}`);
    }
  });

  it('leaves out a file that is being written, and takes it when it is whole', async () => {
    await writeMember(join(mesh.state, 'writing', 't3.nc'), { times: [3], valueAt });
    const whole = await readFile(join(mesh.state, 'writing', 't3.nc'));
    const half = await open(pathOf(3), 'w');
    await half.write(whole.subarray(0, whole.length >> 1));
    const isOfFile = (event: FollowEvent, reason: string) =>
      event.kind === 'left-out' && event.file.url.endsWith('/t3.nc') && event.file.reason === reason;
    await until('told that it is being written', (event) => isOfFile(event, 'UNAVAILABLE'));
    // It rests for longer than it takes to settle.
    await until('told that it is cut off', (event) => isOfFile(event, 'FORMAT_CORRUPT'));
    await half.write(whole.subarray(whole.length >> 1));
    await half.close();
    const read = await untilTimes(4);
    assert.ok(read > 0 && read <= whole.length, `read ${read} of ${whole.length} bytes`);
  });

  it('goes on when the scheduler is killed', async () => {
    await mesh.kill('scheduler');
    await arrive(4);
    await untilTimes(5);
    await mesh.ready();
    await mesh.kill('catalog', 'scheduler');
    await arrive(5);
    await untilTimes(6);
    await mesh.ready();
  });

  it('is told that a file does not fit, with its name, and has it once it does', async () => {
    // The place of another one, with other values.
    await writeMember(pathOf(6), { times: [5], valueAt: () => 0 });
    await until('told', (event) => event.kind === 'failed' && event.error.reason === 'MERGE_CONFLICT');
    const { error } = events.findLast(({ kind }) => kind === 'failed') as FollowEvent & { kind: 'failed' };
    assert.match(error.message, /t5\.nc and .*t6\.nc can't be one cube/);
    await arrive(6);
    await untilTimes(7);
  });

  it('is followed by two without harm, from the command line until Ctrl-C', async () => {
    const command = ['publish', '--follow', '--every', '500ms', '--settle', '2500ms', '--json'];
    const second = runHyperslab([...command, 'follow/run', join(run, '*.nc'), '--state', mesh.state], {
      onStart: (pid) => setTimeout(() => process.kill(pid, 'SIGINT'), 12_000),
    });
    await delay(3_000);
    await arrive(7);
    await untilTimes(8);
    const { code, stdout, stderr } = await second;
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const versions = lines.filter(({ event }) => event === 'published' || event === 'current');
    assert.equal(versions.at(-1).name, 'follow/run');
    const { version } = (await client.open('follow/run')).metadata;
    assert.equal(versions.at(-1).version, version);
    // Eight files, one after the other: no version was made twice.
    assert.deepEqual(
      (await Array.fromAsync(client.versions('follow/run'))).map((each) => each.version),
      [8, 7, 6, 5, 4, 3, 2, 1],
    );
  });

  it('is not followed by a command that can never succeed', async () => {
    const refused = await mesh.hyperslab(['publish', '--follow', 'follow/other', '/nowhere/*.nc']);
    assert.equal(refused.code, 4, refused.stderr);
    const wrong = await mesh.hyperslab(['publish', '--every', '1s', 'follow/other', join(run, '*.nc')]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /add --follow/);
  });

  it('makes no version of what is the latest, when a publish says so', async () => {
    const publish = (...more: string[]) =>
      mesh.hyperslab(['publish', 'follow/run', join(run, '*.nc'), '--json', ...more]);
    const same = await publish('--unless-same');
    assert.deepEqual(same.json, { name: 'follow/run', version: 8, cubes: 1 });
    assert.equal((await publish()).json.version, 9);
  });
});
