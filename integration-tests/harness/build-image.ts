import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository } from '@hyperslab/testing';
import { runProgram } from './run-command.ts';
import type { Cluster } from './start-cluster.ts';

/** Image of this working copy on the nodes of a cluster. */
export interface TestImage {
  repository: string;
  tag: string;
  /** The same image under another tag, as a new release has; undefined on clusters that we can't give images. */
  nextTag?: string;
}

const name = 'localhost/hyperslab';

let built: Promise<TestImage | string> | undefined;

/**
 * Builds the image, once in a run, and gives it to the cluster's node; on other clusters it is what TEST_IMAGE names.
 * Answers why not where neither is possible.
 */
export function useImage(cluster: Cluster): Promise<TestImage | string> {
  built ??= provideImage(cluster);
  return built;
}

async function provideImage(cluster: Cluster): Promise<TestImage | string> {
  const given = process.env.TEST_IMAGE;
  if (given !== undefined) {
    const at = given.lastIndexOf(':');
    return { repository: given.slice(0, at), tag: given.slice(at + 1) };
  }
  const enter = join(dirname(cluster.kubeconfig), 'enter');
  if (!existsSync(enter))
    return 'needs TEST_IMAGE, an image of the cluster’s registry: this cluster takes no image from here';
  const base = join(process.env.KUBE_ONE_CACHE ?? join(homedir(), '.cache/kube-one-node'), 'images/node.tar');
  if ((await runProgram('buildah', ['--version']).catch(() => undefined))?.code !== 0) return 'needs buildah';

  const tag = `test-${process.pid}`;
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-image-'));
  try {
    const archive = join(folder, 'image.tar');
    await succeed('buildah', ['pull', '--quiet', `docker-archive:${base}`]);
    const script = join(repository, 'tools/kubernetes/build-image.ts');
    const args = ['--tag', `${name}:${tag}`, '--base', 'localhost/node:26', '--archive', archive];
    await succeed(process.execPath, [script, ...args]);
    await cluster.importImages(archive);
    await succeed('buildah', ['rmi', `${name}:${tag}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const nextTag = `${tag}-next`;
  await succeed(enter, ['ctr', '-n', 'k8s.io', 'images', 'tag', `${name}:${tag}`, `${name}:${nextTag}`]);
  return { repository: name, tag, nextTag };
}

/** The build takes a minute, and several on a busy machine. */
const patienceMs = 900_000;

async function succeed(program: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram(program, args, { timeoutMs: patienceMs });
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}: ${stderr.slice(-2_000)}`);
}
