import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterCache, pythonPath, repository, toolPath, withTemporaryDirectory } from '@hyperslab/testing';
import { timed } from './explain.ts';
import { runProgram } from './run-command.ts';
import type { Cluster } from './start-cluster.ts';

/** Images as pods name them. */
export interface ClusterImages {
  /** All services and the command. */
  hyperslab: string;
  /** An S3 server, and Python with grpcio. */
  tools: string;
}

const buildTimeoutMs = 500_000;
const toolsFolder = join(repository, 'integration-tests/cluster-tools');
/** Of Debian 12, which the base image is. */
const pythonVersion = '3.11';

/** What images are built with; undefined where there is neither. */
export function imageBuilder(): 'buildah' | 'docker' | undefined {
  return (['buildah', 'docker'] as const).find(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
  );
}

/** Whether the cluster has the images already: names of them that HYPERSLAB_TEST_IMAGES gives. */
export function imagesAreGiven(): boolean {
  return givenImages().length === 2;
}

function givenImages(): string[] {
  return process.env.HYPERSLAB_TEST_IMAGES?.split(',') ?? [];
}

let images: Promise<ClusterImages> | undefined;

/**
 * Builds the images of the tests and gives them to the node, once a run; HYPERSLAB_TEST_IMAGES=HYPERSLAB,TOOLS are names
 * of images that a cluster of KUBECONFIG has already. Throws with what the builders said.
 */
export function buildClusterImages(cluster: Cluster): Promise<ClusterImages> {
  const [hyperslab, tools] = givenImages();
  images ??= tools === undefined ? build(cluster) : Promise.resolve({ hyperslab, tools });
  return images;
}

async function build(cluster: Cluster): Promise<ClusterImages> {
  const base = await timed('base image', baseImage());
  const hyperslab = 'localhost/hyperslab:test';
  await withTemporaryDirectory(async (folder) => {
    const archive = join(folder, 'hyperslab.tar');
    const builder = join(repository, 'tools/kubernetes/build-image.ts');
    const args = [builder, '--tag', hyperslab, '--base', base, '--archive', archive];
    await timed('image of Hyperslab', run(process.execPath, args));
    await timed('image of Hyperslab given to the node', cluster.importImages(archive));
  });
  const { tag, archive } = await timed('image of tools', toolsImage(base));
  await timed('image of tools given to the node', cluster.importImages(archive));
  return { hyperslab, tools: tag };
}

/** Debian with Node 26: that of the cluster beside the repository, which needs no registry, else Docker's. */
async function baseImage(): Promise<string> {
  const archive = clusterCache('images/node.tar');
  if (!existsSync(archive) || imageBuilder() !== 'buildah') return 'docker.io/library/node:26-bookworm-slim';
  const name = 'localhost/node:26';
  const { stdout } = await runProgram('buildah', ['images', '--quiet', '--filter', `reference=${name}`]);
  if (stdout.trim() === '') await run('buildah', ['pull', `docker-archive:${archive}`]);
  return name;
}

/** Changes seldom and takes minutes: its archive is kept. */
async function toolsImage(base: string): Promise<{ tag: string; archive: string }> {
  const s3Server = toolPath('versitygw');
  const python = pythonPath();
  if (s3Server === undefined || python === undefined)
    throw new Error('the image of tools needs versitygw and Python: `node tools/setup.mjs --tests`');
  const dockerfile = join(toolsFolder, 'Dockerfile');
  const requirements = await grpcRequirements();
  const key = createHash('sha256')
    .update(await readFile(dockerfile))
    .update(`${base} ${requirements} ${(await stat(s3Server)).size}`)
    .digest('hex')
    .slice(0, 12);
  const tag = `localhost/hyperslab-cluster-tools:${key}`;
  const archive = join(repository, `.tools/cluster-tools-${key}.tar`);
  if (existsSync(archive)) return { tag, archive };
  await withTemporaryDirectory(async (context) => {
    const wheels = ['--python-version', pythonVersion, '--implementation', 'cp', '--only-binary=:all:'];
    const target = ['--target', join(context, 'python')];
    await run(python, ['-m', 'pip', 'install', '--quiet', ...target, ...wheels, ...requirements]);
    await copyFile(s3Server, join(context, 'versitygw'));
    await buildArchive(['--file', dockerfile, '--build-arg', `BASE=${base}`, context], tag, archive);
  });
  return { tag, archive };
}

async function grpcRequirements(): Promise<string[]> {
  const lines = (await readFile(join(repository, 'tools/test-requirements.txt'), 'utf8')).split('\n');
  return lines.filter((line) => /^grpcio(-tools)?==/.test(line));
}

async function buildArchive(args: readonly string[], tag: string, archive: string): Promise<void> {
  const unfinished = `${archive}.${process.pid}`;
  await mkdir(join(repository, '.tools'), { recursive: true });
  if (imageBuilder() === 'buildah') {
    await run('buildah', ['build', '--isolation', 'chroot', '--pull-never', '--tag', tag, ...args]);
    await run('buildah', ['push', tag, `docker-archive:${unfinished}:${tag}`]);
  } else {
    await run('docker', ['build', '--tag', tag, ...args]);
    await run('docker', ['save', '--output', unfinished, tag]);
  }
  await rename(unfinished, archive);
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { code, stderr, stdout } = await runProgram(program, args, { timeoutMs: buildTimeoutMs });
  if (code === 0) return;
  const said = `${stdout}${stderr}`.trim().split('\n').slice(-30).join('\n');
  throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said}`);
}
