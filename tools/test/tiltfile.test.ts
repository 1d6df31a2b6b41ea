import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeOptions } from '@hyperslab/config';
import { pythonPath, repository } from '@hyperslab/testing';
import { helmEnvironment, helmProgram } from '../kubernetes/helm.ts';
import { render, workloads } from './rendered-chart.ts';

interface Call {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: arguments of any function of Tilt
  args: any[];
  // biome-ignore lint/suspicious/noExplicitAny: arguments of any function of Tilt
  [argument: string]: any;
}

// Tilt itself is not run: the file is evaluated as Starlark, with stand-ins for Tilt's functions.
describe('the Tiltfile', function () {
  this.timeout(60_000);
  let calls: Call[];

  before(function () {
    const python = pythonPath();
    if (python === undefined || helmProgram() === undefined) {
      console.log('    skipped: needs the Python of tools/setup.mjs, and Helm');
      this.skip();
    }
    const { status, stdout, stderr } = spawnSync(python, ['tools/test/evaluate_tiltfile.py'], {
      cwd: repository,
      env: helmEnvironment,
      input: JSON.stringify(render(['small'])),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    assert.equal(status, 0, stderr);
    calls = JSON.parse(stdout);
  });

  const named = (name: string) => calls.filter((call) => call.name === name);

  it('forwards ports of the resources that the chart makes, and names all of them', () => {
    const made = workloads(render(['small']))
      .filter(({ manifest }) => manifest.kind !== 'Pod')
      .map(({ manifest }) => manifest.metadata.name);
    assert.deepEqual(
      named('k8s_resource')
        .map(({ args }) => args[0])
        .sort(),
      made.sort(),
    );
  });

  it('publishes the sample through the ports that it forwards', () => {
    const forwarded = new Map(
      named('k8s_resource').map(({ args, port_forwards: ports }) => [args[0], ports[0] as number]),
    );
    const [name, command] = named('local_resource').find(({ args }) => args[0] === 'sample')!.args;
    assert.equal(name, 'sample');
    for (const [variable, component] of [
      ['HYPERSLAB_CATALOG', 'catalog'],
      ['HYPERSLAB_SCHEDULER', 'scheduler'],
      ['HYPERSLAB_WORKERS', 'worker-pool'],
    ])
      assert.ok(
        command.split(' ').includes(`${variable}=localhost:${forwarded.get(`hyperslab-${component}`)}`),
        `${variable} in: ${command}`,
      );
  });

  it('copies folders that there are to where the image has them', () => {
    const [{ args, live_update: steps }] = named('docker_build');
    assert.equal(args[0], 'hyperslab');
    const synced = steps.filter((step: object) => 'local' in step);
    assert.ok(synced.length > 0);
    for (const { local, remote } of synced) {
      assert.ok(existsSync(join(repository, local)), local);
      assert.equal(remote, `/app/${local}`);
    }
  });

  it('starts the services under a Node that watches their files', () => {
    const pods = JSON.parse(named('k8s_yaml')[1].args[0]);
    for (const { kind, spec } of pods)
      if (kind === 'Deployment' || kind === 'StatefulSet')
        assert.deepEqual(spec.template.spec.containers[0].command.slice(0, nodeOptions.length + 2), [
          'node',
          ...nodeOptions,
          '--watch',
        ]);
  });
});
