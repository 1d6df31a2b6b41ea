import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chown, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHyperslab } from './run-command.ts';
import type { Cluster } from './start-cluster.ts';

/** Volumes that were made by hand, on a node that is this machine. */
export interface TestVolumes {
  /** Claim with a model run below `mountPath`, which workers may read. */
  data: { claimName: string; mountPath: string };
  /** Synchronous, for the end of the process. */
  remove(): void;
}

/** The user of the image. */
const user = 10001;

/**
 * Makes the volumes of a release where nothing provisions any, and one with a sample run. Undefined on a cluster that
 * has a StorageClass: it makes them itself.
 */
export async function makeVolumes(
  cluster: Cluster,
  namespace: string,
  release: string,
): Promise<TestVolumes | undefined> {
  const classes = await cluster.kubectl(['get', 'storageclasses', '-o', 'json']);
  if (classes.json?.items.length !== 0) return undefined;

  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-volumes-'));
  const claims = {
    objects: `${release}-objects`,
    catalog: `state-${release}-catalog-0`,
    backup: `state-${release}-metadata-backup-0`,
    data: 'runs',
  };
  await runHyperslab(['sample', join(folder, 'data/run'), '--size', '4MiB']);
  const items: object[] = [];
  for (const [name, claim] of Object.entries(claims)) {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    await chown(path, user, user);
    items.push(volume(`${namespace}-${name}`, path, { namespace, name: claim }));
  }
  items.push({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claims.data, namespace },
    spec: { accessModes: ['ReadOnlyMany'], resources: { requests: { storage: '1Gi' } } },
  });
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const { code, stderr } = await cluster.kubectl(['apply', '-f', '-'], { input: list });
  if (code !== 0) throw new Error(`no volumes: ${stderr}`);
  return {
    data: { claimName: claims.data, mountPath: '/data' },
    remove() {
      const names = Object.keys(claims).map((name) => `${namespace}-${name}`);
      const env = { ...process.env, ...cluster.env };
      spawnSync('kubectl', ['delete', 'persistentvolume', ...names, '--wait=false'], { env });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function volume(name: string, path: string, claimRef: { namespace: string; name: string }): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path },
      claimRef,
    },
  };
}
