import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../bin/hyperslab.mjs', import.meta.url));

function run(node: string, ...args: string[]) {
  return spawnSync(node, [launcher, ...args], { encoding: 'utf8' });
}

describe('the command', function () {
  this.timeout(20_000);

  it('runs under the workspace’s Node when it is started by an older one', function () {
    const system = '/usr/bin/node';
    const version = existsSync(system) && spawnSync(system, ['--version'], { encoding: 'utf8' }).stdout;
    // Nothing to show where the machine's own Node is new enough, or absent.
    if (!version || Number(version.slice(1).split('.')[0]) >= 26) return this.skip();
    const { stdout, status } = run(system, 'doctor', '--json', '--state', '/nonexistent');
    assert.equal(status, 1);
    assert.deepEqual(JSON.parse(stdout).checks[0], { name: 'node', ok: true, detail: process.version });
  });

  it('says in one line what is wrong with a command line', () => {
    for (const args of [
      ['nonsense'],
      [],
      ['publish'],
      ['up', '--workers', 'x'],
      ['compute', 'a', 'b', '--oops'],
    ]) {
      const { stderr, status } = run(process.execPath, ...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, /^hyperslab: .+\n$/, args.join(' '));
    }
    const { stderr, status } = run(process.execPath, 'nonsense', '--json');
    assert.equal(status, 2);
    assert.equal(JSON.parse(stderr).error.code, 'INVALID_ARGUMENT');
  });

  it('says what is not reachable, with status 5', () => {
    const { stderr, status } = run(process.execPath, 'ls', '--json', '--state', '/nonexistent');
    assert.equal(status, 5);
    assert.match(JSON.parse(stderr).error.message, /\/nonexistent\/endpoints\.json is not there/);
  });
});
