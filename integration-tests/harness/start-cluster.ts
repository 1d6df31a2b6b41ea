import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { clusterCache, sharedCluster } from '@hyperslab/testing';
import { explainPods } from './explain.ts';
import { type CommandResult, type RunOptions, runProgram } from './run-command.ts';

/** A Kubernetes cluster for tests. All cluster tests of a run share one: use namespaces of your own. */
export interface Cluster {
  /** Path of its kubeconfig; also in `env`. */
  readonly kubeconfig: string;
  /** Environment of programs that use it: KUBECONFIG, and kubectl and helm on the PATH. */
  readonly env: NodeJS.ProcessEnv;
  kubectl(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  helm(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Creates a namespace with a name that nobody has. */
  createNamespace(prefix: string): Promise<string>;
  /** Makes or changes objects in a namespace. */
  apply(namespace: string, objects: readonly object[]): Promise<void>;
  /** Waits until an object is as `kubectl wait --for` wants it. Throws when it does not become so. */
  waitFor(namespace: string, object: string, condition: string): Promise<void>;
  /** Folder of its node for volumes; goes with the cluster when it is ours. */
  readonly nodeFolder: string;
  /** Gives its node the images of an archive; on a cluster that we can't do that with, they must be there. */
  importImages(archive: string): Promise<void>;
  /** Gives an image of its node another name besides; false on a cluster that we can't do that with. */
  tagImage(image: string, name: string): Promise<boolean>;
}

let started: Promise<Cluster | string> | undefined;

/**
 * The cluster of this run: that of KUBECONFIG, else one that is built (a minute, once) and started from
 * ../shared/cluster and ended with this process. Where neither is possible, says why and skips.
 */
export async function useCluster(context: Mocha.Context): Promise<Cluster> {
  context.timeout(600_000);
  started ??= startCluster();
  const cluster = await started;
  if (typeof cluster !== 'string') return cluster;
  console.log(`    skipped: ${cluster}`);
  return context.skip();
}

async function startCluster(): Promise<Cluster | string> {
  if (process.env.KUBECONFIG) return openCluster(resolve(process.env.KUBECONFIG.split(delimiter)[0]));
  const scripts = sharedCluster();
  if (scripts === undefined)
    return 'needs a Kubernetes cluster: KUBECONFIG, or ../shared/cluster beside the repository';
  if (process.getuid?.() !== 0)
    return 'needs a Kubernetes cluster: KUBECONFIG, or root to start ../shared/cluster';
  const built = await runProgram(join(scripts, 'build.sh'), [], { timeoutMs: 540_000 });
  if (built.code !== 0) return `../shared/cluster could not be built: ${lastLine(built.stderr)}`;
  const folder = mkdtempSync(join(tmpdir(), 'hyperslab-cluster-'));
  endWithThisProcess(() => {
    spawnSync(join(scripts, 'down.sh'), [folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  });
  const up = await runProgram(join(scripts, 'up.sh'), [folder]);
  // A machine that may not have a cluster (namespaces, cgroups) says so within a second; that is no failure of ours.
  if (up.code !== 0) return `../shared/cluster did not start: ${lastLine(up.stderr)}`;
  return openCluster(join(folder, 'kubeconfig'));
}

/** Does something at the end of this process, however it ends but by SIGKILL. */
export function endWithThisProcess(end: () => void): void {
  process.once('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
}

function openCluster(kubeconfig: string): Cluster {
  const env = { KUBECONFIG: kubeconfig, PATH: `${process.env.PATH}${delimiter}${clusterCache('bin')}` };
  const run =
    (program: string) =>
    (args: readonly string[], options: RunOptions = {}) =>
      runProgram(program, args, { ...options, env: { ...env, ...options.env } });
  const kubectl = run('kubectl');
  // A cluster of ../shared/cluster has this program beside its kubeconfig, and sees the files of this machine.
  const folder = dirname(kubeconfig);
  const enter = join(folder, 'enter');
  const isOurs = existsSync(enter);
  const cluster: Cluster = {
    kubeconfig,
    env,
    kubectl,
    helm: run('helm'),
    async createNamespace(prefix) {
      const name = `${prefix}-${process.pid}-${Date.now().toString(36)}`;
      const { code, stderr } = await kubectl(['create', 'namespace', name]);
      if (code !== 0) throw new Error(`no namespace ${name}: ${stderr}`);
      return name;
    },
    async apply(namespace, objects) {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      const { code, stderr } = await kubectl(['apply', '--namespace', namespace, '--filename', '-'], {
        input,
      });
      if (code !== 0) throw new Error(`objects of ${namespace} were refused: ${stderr}`);
    },
    async waitFor(namespace, object, condition) {
      const args = ['wait', object, `--for=${condition}`, '--timeout', '180s', '--namespace', namespace];
      const { code, stderr } = await kubectl(args, { timeoutMs: 200_000 });
      if (code === 0) return;
      const pods = await explainPods(cluster, namespace);
      throw new Error(`${object} of ${namespace} did not become ${condition}: ${stderr}\n${pods}`);
    },
    nodeFolder: isOurs ? join(folder, 'volumes') : '/tmp/hyperslab-tests',
    async importImages(archive) {
      if (isOurs) await importInto(enter, archive);
    },
    async tagImage(image, name) {
      if (!isOurs) return false;
      const { code, stderr } = await runProgram(enter, [
        ...['ctr', '-n', 'k8s.io', 'images', 'tag', '--force'],
        ...[image, name],
      ]);
      if (code !== 0) throw new Error(`${image} could not be called ${name}: ${stderr}`);
      return true;
    },
  };
  return cluster;
}

async function importInto(enter: string, archive: string): Promise<void> {
  const child = spawn(enter, ['ctr', '-n', 'k8s.io', 'images', 'import', '-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code] = await Promise.all([ended, pipeline(createReadStream(archive), child.stdin)]);
  if (code !== 0) throw new Error(`the images of ${archive} could not be imported: ctr ended with ${code}`);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
