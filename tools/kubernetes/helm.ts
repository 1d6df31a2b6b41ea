import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { clusterCache } from '@hyperslab/testing';

const root = join(import.meta.dirname, '../..');

/** PATH with the places where Helm may be besides: what tools/setup.mjs installed, and that of ../shared/cluster. */
const path = [process.env.PATH, join(root, '.tools/helm/helm'), clusterCache('bin')].join(delimiter);

/** Environment in which `helm` is found. */
export const helmEnvironment: NodeJS.ProcessEnv = { ...process.env, PATH: path };

function helm(args: readonly string[]) {
  return spawnSync('helm', args, {
    cwd: root,
    env: helmEnvironment,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
}

let version: string | undefined;

/** The version of Helm on this machine; undefined when it is not there. */
export function helmProgram(): string | undefined {
  version ??= helm(['version', '--short']).stdout?.trim() || undefined;
  return version;
}

/**
 * What `helm template` makes of the chart, as the release `hyperslab` in the namespace `hyperslab`.
 * @throws Error with what Helm said when it refuses
 */
export function helmTemplate(args: readonly string[], release = 'hyperslab'): string {
  const all = ['template', release, 'charts/hyperslab', '--namespace', 'hyperslab', ...args];
  const { status, stdout, stderr } = helm(all);
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
