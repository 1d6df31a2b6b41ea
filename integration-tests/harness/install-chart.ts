import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, type ConnectOptions, connect } from '@hyperslab/client';
import { repository } from '@hyperslab/testing';
import { type TestImage, useImage } from './build-image.ts';
import { freePortOffset } from './free-ports.ts';
import { type CommandResult, type RunOptions, runHyperslab } from './run-command.ts';
import { type Cluster, endWithThisProcess, useCluster } from './start-cluster.ts';
import { makeVolumes } from './test-volumes.ts';

/** A release of the chart, and a way to it from this machine. */
export interface InstalledChart {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly image: TestImage;
  /** What can be published: files of a volume, or those of the image. */
  readonly run: string;
  /** State directory whose endpoints.json leads to it. */
  readonly state: string;
  readonly portOffset: number;
  kubectl(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Runs the command against it. */
  hyperslab(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** A session with it; who asks closes it. */
  client(options?: ConnectOptions): Promise<Client>;
  /** Upgrades it, with values as `--set-json` takes them besides those that it was installed with. */
  upgrade(set?: readonly string[]): Promise<void>;
  /** Goes back to the release before. */
  rollback(): Promise<void>;
  /** Waits until as many workers are ready as there shall be, and everything else too. */
  ready(): Promise<void>;
}

/** How it is installed. */
export interface ChartOptions {
  /** Files of charts/hyperslab/values. */
  values?: readonly string[];
  /** As `--set-json` takes them. */
  set?: readonly string[];
}

const release = 'hyperslab';
/** A release that all cluster tests share is waited for once; pods compile nothing, but the machine may be busy. */
const waitSeconds = 420;

let shared: Promise<InstalledChart | string> | undefined;

/** The release that the cluster tests of a run share, as small as values/small.yaml. Skips where none is possible. */
export async function useChart(context: Mocha.Context): Promise<InstalledChart> {
  const cluster = await useCluster(context);
  context.timeout(1_500_000);
  shared ??= installChart(cluster);
  const chart = await shared;
  if (typeof chart !== 'string') return chart;
  console.log(`    skipped: ${chart}`);
  return context.skip();
}

/** Installs the chart in a namespace of its own that enforces the restricted standard; ended with the cluster. */
export async function installChart(
  cluster: Cluster,
  { values = ['small'], set = [] }: ChartOptions = {},
): Promise<InstalledChart | string> {
  const image = await useImage(cluster);
  if (typeof image === 'string') return image;
  const namespace = await cluster.createNamespace('hyperslab-chart');
  await succeed(
    cluster.kubectl(['label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted']),
  );
  const volumes = await makeVolumes(cluster, namespace, release);
  const state = await mkdtemp(join(tmpdir(), 'hyperslab-forwarded-'));
  const portOffset = await freePortOffset();

  const chosen = [
    ...values.flatMap((name) => ['--values', `charts/hyperslab/values/${name}.yaml`]),
    ...[
      `image.repository="${image.repository}"`,
      ...(volumes === undefined ? [] : [`data.claims=[${JSON.stringify(volumes.data)}]`]),
      ...set,
    ].flatMap((value) => ['--set-json', value]),
  ];
  const where = ['--namespace', namespace];
  const patience = ['--wait', '--timeout', `${waitSeconds}s`];
  const helm = (args: readonly string[]) =>
    succeed(cluster.helm([...args, ...where], { cwd: repository, timeoutMs: (waitSeconds + 60) * 1_000 }));
  const apply = (tag: string, more: readonly string[] = []) =>
    helm([
      'upgrade',
      '--install',
      release,
      'charts/hyperslab',
      ...chosen,
      ...[`image.tag="${tag}"`, ...more].flatMap((value) => ['--set-json', value]),
      ...patience,
    ]);
  await apply(image.tag);

  const hyperslab = (args: readonly string[], options: RunOptions = {}) =>
    runHyperslab([...args, '--state', state], { ...options, env: { ...cluster.env, ...options.env } });
  await succeed(hyperslab(['port-forward', '--detach', ...where, '--port-offset', String(portOffset)]));
  endWithThisProcess(() => {
    spawnSync(process.execPath, [join(repository, 'tools/cli/bin/hyperslab.mjs'), 'down', '--state', state]);
    rmSync(state, { recursive: true, force: true });
    const kubectl = { env: { ...process.env, ...cluster.env } };
    spawnSync('kubectl', ['delete', 'namespace', namespace, '--wait=false'], kubectl);
    volumes?.remove();
  });
  return {
    cluster,
    namespace,
    image,
    run: volumes === undefined ? '/app/sample/' : `${volumes.data.mountPath}/run/`,
    state,
    portOffset,
    kubectl: (args, options) => cluster.kubectl([...args, ...where], options),
    hyperslab,
    client: (options = {}) => connect({ state, ...options }),
    async upgrade(more = []) {
      await apply(image.tag, more);
    },
    async rollback() {
      await helm(['rollback', release, ...patience]);
    },
    async ready() {
      await succeed(
        cluster.kubectl(['wait', 'pods', '--all', '--for=condition=Ready', '--timeout=300s', ...where], {
          timeoutMs: 320_000,
        }),
      );
    },
  };
}

async function succeed(running: Promise<CommandResult>): Promise<CommandResult> {
  const result = await running;
  if (result.code !== 0) throw new Error(`ended with ${result.code}: ${result.stderr}${result.stdout}`);
  return result;
}
