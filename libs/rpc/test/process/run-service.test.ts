import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const sample = fileURLToPath(new URL('./sample-service.ts', import.meta.url));

/** The sample service as a child, or as the child of one that can be killed. */
function start(env: NodeJS.ProcessEnv, script = sample): ChildProcess {
  const all = { PATH: process.env.PATH, ...env };
  return spawn(process.execPath, [script], { env: all, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Log lines of a process, as objects. */
async function logged(child: ChildProcess): Promise<Record<string, unknown>[]> {
  const text = Buffer.concat(await Array.fromAsync(child.stderr!)).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function exit(child: ChildProcess): Promise<number | null> {
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  return code;
}

describe('the process of a service', function () {
  this.timeout(20_000);

  it('stops gracefully when it is told to', async () => {
    const child = start({ HYPERSLAB_LOGLEVEL: 'debug' });
    const lines = logged(child);
    await once(child.stdout!, 'data');
    child.kill('SIGTERM');
    assert.equal(await exit(child), 0);
    const messages = (await lines).map(({ msg }) => msg);
    assert.deepEqual(messages, [
      'HYPERSLAB_LOGLEVEL is no setting; is it misspelt?',
      'stopping',
      'stopped with 10000 ms',
      'stopped',
    ]);
  });

  it('says what is wrong with its configuration and exits with 2', async () => {
    const child = start({ HYPERSLAB_CATALOG_PORT: 'x' });
    const lines = logged(child);
    assert.equal(await exit(child), 2);
    assert.match(String((await lines)[0].msg), /--catalog-port or HYPERSLAB_CATALOG_PORT/);
  });

  it('logs an error that nobody caught and exits with 1', async () => {
    const child = start({ SAMPLE_FAILS: 'true' });
    const lines = logged(child);
    assert.equal(await exit(child), 1);
    const [{ level, msg, err }] = await lines;
    assert.deepEqual([level, msg], ['fatal', 'uncaught error']);
    assert.equal((err as Error).message, 'nobody caught this');
  });

  it('ends when its parent was killed', async () => {
    const parent = start({}, fileURLToPath(new URL('./sample-parent.ts', import.meta.url)));
    const [pid] = await once(parent.stdout!, 'data');
    const isAlive = () => {
      try {
        process.kill(Number(pid), 0);
        return true;
      } catch {
        return false;
      }
    };
    assert.ok(isAlive());
    parent.kill('SIGKILL');
    for (let tries = 0; isAlive() && tries < 100; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(!isAlive());
  });
});
