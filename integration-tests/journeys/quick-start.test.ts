import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repository, toolPath } from '@hyperslab/testing';
import { freePortOffset } from '../harness/free-ports.ts';
import { type CommandResult, runProgram } from '../harness/run-command.ts';

/** Commands of the README's section "Start", as a person types them. */
async function readmeCommands(): Promise<string[]> {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const section = readme.split('\n## ').find((text) => text.startsWith('Start\n')) ?? '';
  const own = section.split('Your own files:')[0];
  return [...own.matchAll(/^ {4}((?:npx hyperslab|ncdump) .+)$/gm)].map(([, command]) => command);
}

// `npm start`, and then the README's commands in another shell. Only home, ports and output folder are not the reader's.
describe('the quick start', function () {
  this.timeout(180_000);
  let folder: string;
  let start: ChildProcess;
  let env: NodeJS.ProcessEnv;
  let output = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-start-'));
    const offset = await freePortOffset();
    env = {
      HOME: folder,
      HYPERSLAB_CATALOG_PORT: String(7401 + offset),
      HYPERSLAB_SCHEDULER_PORT: String(7402 + offset),
      HYPERSLAB_WORKER_PORT: String(7403 + offset),
      HYPERSLAB_METADATA_BACKUP_PORT: String(7404 + offset),
      HYPERSLAB_GATEWAY_PORT: String(8080 + offset),
    };
    // What `prestart` installs was installed by `pretest`. A group of its own gets Ctrl-C as from a terminal.
    start = spawn('npm', ['start', '--ignore-scripts'], {
      cwd: repository,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    start.stdout?.on('data', (text) => {
      output += text;
    });
    while (!/^ready/m.test(output)) {
      if (start.exitCode !== null) throw new Error(`npm start ended with ${start.exitCode}: ${output}`);
      await delay(100);
    }
  });

  after(async () => {
    if (start.exitCode === null && start.signalCode === null && start.pid !== undefined) {
      process.kill(-start.pid, 'SIGINT');
      await once(start, 'exit');
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  /** Runs a command of the README in a shell. */
  async function run(command: string): Promise<CommandResult> {
    const endpoints = JSON.parse(await readFile(join(folder, '.hyperslab/endpoints.json'), 'utf8'));
    const typed = command
      .replace('http://localhost:8080', endpoints.opendap_gateway)
      .replace(/\b(map\.png|run\.nc)\b/, (file) => join(folder, file));
    return runProgram('bash', ['-c', typed], { env });
  }

  it('prints one line for each address', () => {
    for (const name of [
      'catalog',
      'scheduler',
      'worker-pool',
      'metadata-backup',
      'opendap-gateway',
      'dashboard',
    ]) {
      assert.match(output, new RegExp(`^${name} +(http://)?127\\.0\\.0\\.1:\\d+$`, 'm'));
    }
  });

  it('does what the README shows', async () => {
    const commands = await readmeCommands();
    assert.ok(commands.length >= 6, `found ${commands.length} commands in the README`);
    for (const command of commands) {
      if (command.startsWith('ncdump') && toolPath('ncdump') === undefined) continue;
      const { code, stdout, stderr } = await run(command);
      assert.equal(code, 0, `${command}: ${stderr}`);
      assert.notEqual(stdout, '', command);
    }
    const picture = await readFile(join(folder, 'map.png'));
    assert.equal(picture.subarray(1, 4).toString('latin1'), 'PNG');
    const saved = await readFile(join(folder, 'run.nc'));
    assert.equal(saved.subarray(1, 4).toString('latin1'), 'HDF');
  });

  it('shows the sample’s parameters and computes on them', async () => {
    const [listed] = (await run('npx hyperslab ls --json')).json;
    assert.deepEqual([listed.name, listed.version, listed.cubes], ['sample/run', 1, 8]);
    const shown = (await run('npx hyperslab show sample/run --json')).json;
    const t = shown.cubes.find((cube: { name: string }) => cube.name === 't');
    assert.equal(t.standard_name, 'air_temperature');
    const { json } = await run(`npx hyperslab compute sample/run 'mean(t, time)' --json`);
    assert.deepEqual(json.shape, t.shape.slice(1));
    assert.ok(
      json.values.every((value: number) => value > 180 && value < 330),
      'kelvins of an atmosphere',
    );
  });

  it('stops on Ctrl-C', async () => {
    process.kill(-start.pid!, 'SIGINT');
    const [code, signal] = await once(start, 'exit');
    assert.ok(code === 0 || code === 130 || signal === 'SIGINT', `${code} ${signal}`);
    const state = join(folder, '.hyperslab');
    // npm may end before what it started.
    for (let i = 0; i < 200; i++) {
      if ((await runProgram('ls', [join(state, 'lock')])).code !== 0) return;
      await delay(100);
    }
    assert.fail('the mesh did not give its lock back');
  });
});
