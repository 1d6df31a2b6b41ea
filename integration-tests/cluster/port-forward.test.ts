import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repository } from '@hyperslab/testing';
import { freePortOffset } from '../harness/free-ports.ts';
import { runHyperslab } from '../harness/run-command.ts';
import { type Cluster, useCluster } from '../harness/start-cluster.ts';

/** Answers its pod's name, or as many bytes as are asked for, each the low byte of its place. */
const program = `
require('node:http').createServer((request, response) => {
  const bytes = Number(request.url.slice(1)) || 0;
  if (bytes === 0) return response.end(process.env.HOSTNAME);
  const part = Buffer.from(Uint8Array.from({ length: 65536 }, (_, i) => i));
  let left = bytes;
  const write = () => {
    while (left > 0) {
      const piece = part.subarray(0, Math.min(left, part.length));
      left -= piece.length;
      if (!response.write(piece)) return response.once('drain', write);
    }
    response.end();
  };
  write();
}).listen(7000)`;

// Pods that answer HTTP stand for those of the chart: what is tested is which of them a local port reaches.
describe('hyperslab port-forward', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let namespace: string;
  let state: string;
  let offset: number;
  let command: ChildProcess;

  before(async function () {
    cluster = await useCluster(this);
    namespace = await cluster.createNamespace('hyperslab-forward');
    state = await mkdtemp(join(tmpdir(), 'hyperslab-forward-'));
    offset = await freePortOffset();
    await apply(
      service('catalog', [
        ['grpc', 7401],
        ['metrics', 8401],
      ]),
      service('scheduler', [['grpc', 7402]], { 'hyperslab.io/role': 'leader' }),
      service('worker-pool', [
        ['grpc', 7403],
        ['metrics', 8403],
      ]),
      service('opendap-gateway', [['http', 8080]]),
      pod('catalog-0', 'catalog'),
      pod('scheduler-a', 'scheduler', { 'hyperslab.io/role': 'leader' }),
      pod('scheduler-b', 'scheduler'),
      pod('worker-0', 'worker-pool'),
      pod('gateway-0', 'opendap-gateway'),
    );
    await kubectl('wait', 'pods', '--all', '--for=condition=Ready', '--timeout=60s');
    command = spawn(
      process.execPath,
      [join(repository, 'tools/cli/bin/hyperslab.mjs'), 'port-forward', '--json', ...flags()],
      { env: { ...process.env, ...cluster.env }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = await once(command.stdout!, 'data');
    assert.equal(JSON.parse(String(line)).namespace, namespace);
  });

  after(async () => {
    if (command?.exitCode === null) command.kill('SIGKILL');
    if (namespace !== undefined) await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    if (state !== undefined) await rm(state, { recursive: true, force: true });
  });

  const flags = () => ['--state', state, '--namespace', namespace, '--port-offset', String(offset)];

  async function kubectl(...args: string[]): Promise<void> {
    const { code, stderr } = await cluster.kubectl([...args, '-n', namespace]);
    assert.equal(code, 0, stderr);
  }

  async function apply(...items: object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const { code, stderr } = await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], { input });
    assert.equal(code, 0, stderr);
  }

  function labels(component: string) {
    return {
      'app.kubernetes.io/name': 'hyperslab',
      'app.kubernetes.io/instance': 'run',
      'app.kubernetes.io/component': component,
    };
  }

  function service(component: string, ports: [name: string, port: number][], selector: object = {}) {
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `run-hyperslab-${component}`, labels: labels(component) },
      spec: {
        selector: { ...labels(component), ...selector },
        ports: ports.map(([name, port]) => ({ name, port, targetPort: 7000 })),
      },
    };
  }

  function pod(name: string, component: string, more: object = {}) {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { ...labels(component), ...more } },
      spec: {
        terminationGracePeriodSeconds: 0,
        enableServiceLinks: false,
        containers: [
          {
            name: 'server',
            image: 'localhost/node:26',
            imagePullPolicy: 'IfNotPresent',
            command: ['node', '-e', program],
            readinessProbe: { tcpSocket: { port: 7000 }, periodSeconds: 1 },
          },
        ],
      },
    };
  }

  /** Asks on a connection of its own, unless an agent is given: one kept alive leads to a pod until its process has ended. */
  async function ask(port: number, path = '/', agent: Agent | false = false): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      get({ host: '127.0.0.1', port: port + offset, path, agent }, (response) => {
        response.on('data', (part) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => resolve(Buffer.concat(parts)));
      }).once('error', reject);
    });
  }

  /** Asks until an answer is as expected, as a client does that tries again. */
  async function eventually(port: number, expected: string, agent: Agent | false = false): Promise<void> {
    let last = '';
    for (let attempt = 0; attempt < 300; attempt++) {
      last = await ask(port, '/', agent).then(String, (error) => error.message);
      if (last === expected) return;
      await delay(100);
    }
    assert.equal(last, expected);
  }

  it('opens each Service that there is on the ports of `up`, and says where', async () => {
    assert.deepEqual(JSON.parse(await readFile(join(state, 'endpoints.json'), 'utf8')), {
      catalog: `127.0.0.1:${7401 + offset}`,
      scheduler: `127.0.0.1:${7402 + offset}`,
      worker_pool: `127.0.0.1:${7403 + offset}`,
      opendap_gateway: `http://127.0.0.1:${8080 + offset}`,
    });
    assert.equal(String(await ask(7401)), 'catalog-0');
    assert.equal(String(await ask(8401)), 'catalog-0');
    assert.equal(String(await ask(8080)), 'gateway-0');
    const { json, stderr } = await runHyperslab(['status', '--json', '--state', state]);
    assert.ok(json, stderr);
    assert.deepEqual(
      json.services.map(({ name, ready }: { name: string; ready: boolean }) => [name, ready]),
      [
        ['catalog', true],
        // This Service has no port of health.
        ['scheduler', false],
        ['worker-pool', true],
        ['opendap-gateway', true],
      ],
    );
  });

  it('carries much to a slow reader, to the byte', async () => {
    const bytes = 48 * 2 ** 20;
    const answer = await ask(7401, `/${bytes}`);
    assert.equal(answer.length, bytes);
    assert.ok(answer.equals(Buffer.from(new Uint8Array(bytes).map((_, i) => i))), 'other bytes');
  });

  it('leads to the leader: to the next one when the label moves, also on connections that were open', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    assert.equal(String(await ask(7402, '/', agent)), 'scheduler-a');
    await kubectl('label', 'pod', 'scheduler-b', 'hyperslab.io/role=leader');
    await kubectl('label', 'pod', 'scheduler-a', 'hyperslab.io/role-');
    await eventually(7402, 'scheduler-b', agent);
    agent.destroy();
  });

  it('reaches the pod that takes the place of another on the same port', async () => {
    await kubectl('delete', 'pod', 'catalog-0');
    await assert.rejects(ask(7401));
    await apply(pod('catalog-1', 'catalog'));
    await eventually(7401, 'catalog-1');
  });

  it('refuses a state directory that is in use, and names releases that are not there', async () => {
    const run = (...args: string[]) =>
      runHyperslab(['port-forward', '--json', ...args], { env: cluster.env });
    const second = await run(...flags());
    assert.match(second.stderr, /STATE_IN_USE/);
    const elsewhere = ['--state', `${state}/other`, '--namespace', namespace];
    const missing = await run(...elsewhere, '--release', 'other');
    assert.match(missing.stderr, /no release \\"other\\"; there are run/);
    assert.equal(missing.code, 3);
  });

  it('ends in order on Ctrl-C and takes its endpoints along', async () => {
    command.kill('SIGINT');
    const [code] = await once(command, 'exit');
    assert.equal(code, 0);
    assert.equal(existsSync(join(state, 'endpoints.json')), false);
    assert.equal(existsSync(join(state, 'lock')), false);
    await assert.rejects(ask(8080), { code: 'ECONNREFUSED' });
  });
});
