import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';
import { runProgram } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const launcher = join(repository, 'tools/cli/bin/hyperslab.mjs');
const terminal = join(repository, 'integration-tests/programs/in-terminal.py');

describe('hyperslab top', function () {
  this.timeout(120_000);
  let mesh: Mesh;

  before(async () => {
    mesh = await startMesh({ sample: true });
  });
  after(() => mesh?.stop());

  it('prints one object with --once --json', async () => {
    const { json, code, stderr } = await mesh.hyperslab(['top', '--once', '--json']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(Object.keys(json), [
      ...['time', 'epoch', 'totals', 'workers', 'jobs', 'resolution_seconds', 'points', 'events', 'scaling'],
    ]);
    assert.equal(json.totals.tasks_done, json.jobs[0].tasks);
    assert.deepEqual([json.jobs[0].kind, json.jobs[0].published], ['publish', 'sample/run@1']);
    assert.equal(json.workers.length, 2);
    for (const { memory, rates, slots } of json.workers) {
      assert.ok(memory.rss > memory.heap && memory.limit > 0 && slots > 0);
      assert.ok(rates.cores >= 0, 'rates of each worker');
    }
    const done = json.points.reduce(
      (sum: number, point: { tasks_done: number }) => sum + point.tasks_done,
      0,
    );
    assert.equal(done, json.totals.tasks_done);
    assert.ok(json.events.some(({ kind }: { kind: string }) => kind === 'published'));
  });

  it('prints a page in a pipe', async () => {
    const { stdout, code } = await mesh.hyperslab(['top']);
    assert.equal(code, 0);
    assert.match(stdout, /2 workers, \d+ slots/);
    assert.match(stdout, /published sample\/run@1 with 8 cubes/);
    assert.ok(!stdout.includes('\u001b'), 'no control sequences');
  });

  it('prints an object for each update until it is interrupted', async () => {
    let pid = 0;
    const running = mesh.hyperslab(['top', '--json'], {
      onStart: (started) => {
        pid = started;
        setTimeout(() => process.kill(pid, 'SIGINT'), 6_000);
      },
    });
    const { stdout, code } = await running;
    assert.equal(code, 130);
    const objects = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(objects.length >= 2);
    const numbers = objects.flatMap(({ events }) => events.map(({ number }: { number: number }) => number));
    assert.deepEqual(
      numbers,
      numbers.map((_, at) => at + 1),
      'each event once',
    );
  });

  it('refuses an interval that makes no sense', async () => {
    const { code } = await mesh.hyperslab(['top', '--interval', '0']);
    assert.equal(code, 2);
  });

  /** Runs it in a terminal; `steps` as `in-terminal.py` has them. */
  async function inTerminal(steps: object[]) {
    const command = [process.execPath, launcher, 'top', '--state', mesh.state];
    const args = [terminal, '110', '30', JSON.stringify(steps), ...command];
    const { json, stderr } = await runProgram('python3', args);
    assert.ok(json, stderr);
    assert.equal(json.failure, null);
    return json as { output: string; code: number; restored: boolean };
  }

  it('draws in place on a terminal, follows its size, and gives it back on q', async () => {
    const { output, code, restored } = await inTerminal([
      { wait: 'events' },
      { wait: 'Z  2 workers' },
      { resize: [60, 20] },
      { wait: 'events' },
      { type: 'q' },
    ]);
    assert.equal(code, 0);
    assert.ok(restored, 'the modes of the terminal are as before');
    assert.ok(
      output.startsWith('\u001b[?1049h') && output.endsWith('\u001b[?1049l'),
      'its own screen, and back',
    );
    assert.ok(output.includes('\u001b[?25h'), 'the cursor is shown again');
    const narrow = output.slice(output.lastIndexOf('\u001b[2J'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is sent to terminals
    const lines = [...narrow.matchAll(/\u001b\[(\d+);1H\u001b\[K([^\u001b]*)/g)];
    assert.ok(lines.length > 8);
    for (const [, row, text] of lines) assert.ok(Number(row) <= 20 && [...text].length <= 60, text);
  });

  it('gives the terminal back on Ctrl-C', async () => {
    const { output, restored } = await inTerminal([{ wait: 'events' }, { type: '\u0003' }]);
    assert.ok(restored && output.endsWith('\u001b[?1049l'));
  });
});
