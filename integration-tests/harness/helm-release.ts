import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';
import { explainPods } from './explain.ts';
import type { CommandResult, RunOptions } from './run-command.ts';
import type { Cluster } from './start-cluster.ts';

/** How the chart is installed. */
export interface ChartOptions {
  namespace: string;
  /** Names of files in the chart's `values`. */
  readyMade?: readonly string[];
  /** Values above them. */
  values?: object;
}

/** A release of the chart, called `hyperslab`. */
export interface Release {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** In its namespace. */
  kubectl(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Changes values and waits until all pods are as they want. */
  upgrade(values: object): Promise<void>;
}

const chart = join(repository, 'charts/hyperslab');
const waitSeconds = 480;

/** Installs the chart of this working copy and waits until all pods are ready. Throws with what is known of them. */
export async function installChart(
  cluster: Cluster,
  { namespace, readyMade = [], values = {} }: ChartOptions,
): Promise<Release> {
  const files = readyMade.flatMap((name) => ['--values', join(chart, 'values', `${name}.yaml`)]);
  await helm(cluster, namespace, ['install', 'hyperslab', chart, ...files], values);
  return openRelease(cluster, namespace);
}

/** A release that is installed. */
function openRelease(cluster: Cluster, namespace: string): Release {
  return {
    cluster,
    namespace,
    kubectl: (args, options) => cluster.kubectl(['--namespace', namespace, ...args], options),
    upgrade: (values) => helm(cluster, namespace, ['upgrade', 'hyperslab', chart, '--reuse-values'], values),
  };
}

async function helm(
  cluster: Cluster,
  namespace: string,
  args: readonly string[],
  values: object,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-values-'));
  const file = join(folder, 'values.json');
  await writeFile(file, JSON.stringify(values));
  const wait = ['--wait', '--timeout', `${waitSeconds}s`];
  const { code, stderr } = await cluster.helm(
    [...args, '--namespace', namespace, '--values', file, ...wait],
    { timeoutMs: (waitSeconds + 60) * 1000 },
  );
  await rm(folder, { recursive: true });
  if (code !== 0)
    throw new Error(`helm ${args[0]} failed: ${stderr}\n${await explainPods(cluster, namespace)}`);
}
