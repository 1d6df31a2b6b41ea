import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withTemporaryDirectory } from '@hyperslab/testing';
import type { ServicePlan } from '../../src/up/mesh-plan.ts';
import { isRunning } from '../../src/up/process-start.ts';
import { ServiceProcess } from '../../src/up/service-process.ts';

const entry = fileURLToPath(new URL('../stand-in-service.ts', import.meta.url));

function planIn(folder: string, env: Record<string, string> = {}): ServicePlan {
  const pidFile = { STAND_IN_PID_FILE: join(folder, 'pid') };
  return { name: 'stand-in', entry, env: { ...pidFile, ...env }, address: '', readyUrl: '', ports: [] };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (condition()) return;
    await delay(25);
  }
  throw new Error('it did not happen');
}

/** Starts a stand-in and waits until it runs. */
async function startIn(folder: string, ends: string[] = []): Promise<ServiceProcess> {
  const events = { started: () => {}, ended: (how: string) => void ends.push(how) };
  const service = new ServiceProcess(planIn(folder), join(folder, 'log'), events);
  service.start();
  await until(() => pidIn(folder) === service.pid);
  return service;
}

function pidIn(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

describe('a kept service', function () {
  this.timeout(20_000);

  it('is started again when it is killed, and not when it is stopped', async () => {
    await withTemporaryDirectory(async (folder) => {
      const ends: string[] = [];
      const service = await startIn(folder, ends);
      const first = service.pid!;
      process.kill(first, 'SIGKILL');
      await until(() => service.pid !== null && service.pid !== first && pidIn(folder) === service.pid);
      const second = service.pid!;
      await service.stop(5000);
      assert.ok(!isRunning(second));
      assert.deepEqual(ends, ['SIGKILL']);
    });
  });

  it('is told of with its exit status, and waits longer each time', async () => {
    await withTemporaryDirectory(async (folder) => {
      const ends: [string, number][] = [];
      const plan = planIn(folder, { STAND_IN_EXIT: '3' });
      const events = { started: () => {}, ended: (how: string, ms: number) => void ends.push([how, ms]) };
      const service = new ServiceProcess(plan, join(folder, 'log'), events);
      service.start();
      await until(() => ends.length >= 2);
      await service.stop(1000);
      assert.deepEqual(ends.slice(0, 2), [
        ['exit status 3', 100],
        ['exit status 3', 200],
      ]);
    });
  });

  it('ends when its keeper is killed', async () => {
    await withTemporaryDirectory(async (folder) => {
      const module = new URL('../../src/up/service-process.ts', import.meta.url).href;
      const program = `
        import { ServiceProcess } from ${JSON.stringify(module)};
        const plan = ${JSON.stringify(planIn(folder))};
        new ServiceProcess(plan, ${JSON.stringify(join(folder, 'log'))}, { started() {}, ended() {} }).start();`;
      const keeper = spawn(process.execPath, ['--input-type=module', '-e', program]);
      await until(() => pidIn(folder) !== undefined);
      const pid = pidIn(folder)!;
      keeper.kill('SIGKILL');
      await once(keeper, 'exit');
      await until(() => !isRunning(pid));
    });
  });
});
