import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, isSameProcess, processStart } from '../../src/up/process-start.ts';

describe('whether a process runs', () => {
  it('is told by its pid and when it started', () => {
    assert.ok(isRunning(process.pid));
    assert.ok(isSameProcess(process.pid, processStart(process.pid)));
    assert.ok(!isSameProcess(process.pid, '1'), 'the pid went to another');
  });

  it('is not the case for one that was killed, though nobody has waited for it', async function () {
    if (process.platform !== 'linux') return this.skip();
    // The shell becomes a program that never waits for the child that the shell had.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      const start = processStart(pid);
      assert.ok(isSameProcess(pid, start));
      await delay(100);
      process.kill(pid, 'SIGKILL');
      for (let i = 0; i < 50 && isSameProcess(pid, start); i++) await delay(20);
      assert.ok(!isSameProcess(pid, start));
      process.kill(pid, 0);
    } finally {
      parent.kill();
    }
  });
});
