import assert from 'node:assert/strict';
import { progressBar, sparkline, stackedBar } from '../../src/top/bars.ts';
import { withUpdate } from '../../src/top/cluster-picture.ts';
import { drawPicture } from '../../src/top/draw-picture.ts';
import { update } from './example-updates.ts';

describe('the cluster as text', () => {
  const scaling = { time: new Date(0), current: 1, wanted: 3, reason: '90 s of work wait' };
  const picture = withUpdate(withUpdate(undefined, update(0)), update(4, { scaling }));

  it('has figures, workers, jobs and events', () => {
    const many = withUpdate(
      picture,
      update(5, { scaling, events: [{ time: new Date(1000), message: 'it began' }] }),
    );
    const lines = drawPicture(many, { columns: 150, rows: 40 });
    assert.equal(lines[0], '00:00:05Z  1 worker, 4 slots  cpu 1.5 cores  memory 400 MiB');
    assert.match(lines[1], /^tasks {4}2 running, 40 queued/);
    assert.equal(lines[2], 'storage  5 MiB/s, 0 requests/s, 0 failures  ▁▇█');
    assert.equal(lines[5], 'scaling  1 → 3, 5 s ago: 90 s of work wait');
    const worker = lines.find((line) => line.startsWith('10.0.0.1:7403'));
    assert.match(worker!, /75 % +2\/4 +████▓▓▒▒░░░░···· +\| +400 MiB \/ 1000 MiB +50 MiB +2 MiB\/s/);
    assert.ok(lines.some((line) => /^j +compute +█████░{15} +25\/100 /.test(line)));
    assert.equal(lines.at(-1), '00:00:01  it began');
  });

  it('fits into any terminal, and says what it leaves out', () => {
    const workers = Array.from({ length: 50 }, (_, n) => ({
      workerId: `w${n}`,
      address: `10.0.0.${n}:7403`,
    }));
    const jobs = Array.from({ length: 50 }, (_, n) => ({ jobId: `j${n}`, description: 'x'.repeat(300) }));
    const events = Array.from({ length: 90 }, (_, n) => ({ time: new Date(n), message: 'y'.repeat(300) }));
    const large = withUpdate(undefined, update(0, { scaling, workers, jobs, events }));
    for (const room of [
      { columns: 200, rows: 60 },
      { columns: 80, rows: 24 },
      { columns: 40, rows: 20 },
    ]) {
      const lines = drawPicture(large, room);
      assert.ok(lines.length <= room.rows, `${lines.length} lines in ${room.rows}`);
      for (const line of lines) assert.ok([...line].length <= room.columns, line);
    }
    const lines = drawPicture(large, { columns: 200, rows: 60 });
    assert.ok(lines.some((line) => /^… \d+ more workers$/.test(line)));
    assert.ok(lines.some((line) => /^… \d+ more jobs$/.test(line)));
  });

  it('hands no control characters of names and messages to the terminal', () => {
    const events = [{ time: new Date(0), message: 'a\u001b[2Jb\nc' }];
    const lines = drawPicture(withUpdate(undefined, update(0, { events })), { columns: 100, rows: 40 });
    assert.equal(lines.at(-1), '00:00:00  a [2Jb c');
  });

  it('draws bars', () => {
    assert.equal(sparkline([0, 1, 4, 8], 10), '▁▁▄█');
    assert.equal(sparkline([1, 2, 3], 2), '▆█');
    assert.equal(sparkline([0, 0], 5), '▁▁');
    assert.equal(
      stackedBar(
        [
          ['a', 25],
          ['b', 50],
        ],
        100,
        8,
      ),
      'aabbbb  ',
    );
    assert.equal(stackedBar([['a', 500]], 100, 4), 'aaaa');
    assert.equal(stackedBar([['a', 5]], 0, 4), '    ');
    assert.equal(progressBar(1, 4, 4), '█░░░');
  });
});
