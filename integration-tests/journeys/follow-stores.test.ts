import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FollowEvent } from '@hyperslab/client';
import { type S3Server, skip, startS3Server } from '@hyperslab/testing';
import { serveFolder } from '../harness/serve-folder.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { writeMember } from '../harness/write-member.ts';

const valueAt = (time: number, point: number) => time * 10 + point;
const anHourMs = 3_600_000;
const settleMs = 4_000;

// A run grows in a bucket and on a web server whose clock is an hour behind.
describe('a run that is followed on other stores', function () {
  this.timeout(120_000);
  let folder: string;
  let s3: S3Server | undefined;
  let web: Awaited<ReturnType<typeof serveFolder>>;
  let mesh: Mesh;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-follow-'));
    await mkdir(join(folder, 'web'));
    web = await serveFolder(join(folder, 'web'), -anHourMs);
    s3 = await startS3Server(join(folder, 's3'), ['archive']);
    mesh = await startMesh({ roots: [web.url, 's3://archive/'], env: s3?.env });
  });

  after(async () => {
    await mesh?.stop();
    await s3?.stop();
    web?.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Moves a file of one time to a place, when it is whole. */
  async function arrive(place: string, time: number): Promise<void> {
    const written = join(folder, 'writing', `t${time}.nc`);
    await writeMember(written, { times: [time], valueAt });
    await rename(written, join(place, `t${time}.nc`));
  }

  /** Follows, has a file come whenever the ones before are in a version, and compares values; answers what was told. */
  async function followed(name: string, urls: string[], place: string): Promise<FollowEvent[]> {
    const client = await mesh.client();
    const events: FollowEvent[] = [];
    const stop = new AbortController();
    const options = {
      everyMs: 500,
      settleMs,
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]),
    };
    let times = 0;
    await arrive(place, 0);
    for await (const event of client.follow(name, urls, options)) {
      events.push(event);
      if (event.kind !== 'published') continue;
      const dataset = await client.open(`${name}@${event.published.version}`);
      const { values, shape } = await dataset.cube('t').compute();
      const expected = Array.from({ length: shape[0] * 6 }, (_, i) => valueAt(Math.floor(i / 6), i % 6));
      assert.deepEqual([...values].map(Number), expected);
      assert.equal(shape[0], ++times);
      if (times === 3) break;
      await arrive(place, times);
    }
    stop.abort();
    assert.equal(times, 3, JSON.stringify(events));
    return events;
  }

  it('gets a version for each new object of a bucket', async function () {
    if (s3 === undefined) skip(this, 'no S3 server; "npm test" builds versitygw with Go');
    await followed('follow/s3', ['s3://archive/*.nc'], join(folder, 's3/archive'));
  });

  it('gets a version for each new file of a web server, once it has rested by the clock of that', async () => {
    const urls = [0, 1, 2].map((time) => `${web.url}t${time}.nc`);
    const events = await followed('follow/http', urls, join(folder, 'web'));
    // By the clock of the workers each of them would have rested for an hour when it came.
    for (const time of [1, 2]) {
      const told = events.some(
        (event) =>
          event.kind === 'left-out' &&
          event.file.url.endsWith(`/t${time}.nc`) &&
          event.file.reason === 'UNAVAILABLE',
      );
      assert.ok(told, JSON.stringify(events));
    }
  });
});
