import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3Server } from '@hyperslab/testing';
import { serveFolder } from './serve-folder.ts';
import { type Mesh, startMesh } from './start-mesh.ts';

/** Kinds of stores: a test that is the same on all of them runs once for each. */
export const storeKinds = ['file', 'http', 's3'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** A mesh that reads the same files from a folder, from a web server and from an S3 server. */
export interface MeshOfStores {
  mesh: Mesh;
  /** Where a file of the folder lies in a store; undefined where the store is not there, which is said. */
  urlOf(kind: StoreKind, path: string): string | undefined;
  stop(): Promise<void>;
}

const bucket = 'archive';

/** Starts a mesh that may read what lies in a folder, and the same in stores of every kind. */
export async function startMeshOfStores(folder: string): Promise<MeshOfStores> {
  const copy = await mkdtemp(join(tmpdir(), 'hyperslab-stores-'));
  const web = await serveFolder(folder);
  const s3 = await startS3Server(copy, [bucket]);
  if (s3 === undefined) console.log('      skipped on S3: no server; "npm test" builds versitygw with Go');
  else await cp(folder, join(copy, bucket), { recursive: true });
  const bases: Record<StoreKind, string | undefined> = {
    file: `${folder}/`,
    http: web.url,
    s3: s3 && `s3://${bucket}/`,
  };
  const stopServers = async () => {
    web.server.close();
    await s3?.stop();
    await rm(copy, { recursive: true, force: true });
  };
  try {
    const roots = Object.values(bases).filter((base) => base !== undefined);
    const mesh = await startMesh({ roots, env: s3?.env });
    return {
      mesh,
      urlOf: (kind, path) => bases[kind] && bases[kind] + path,
      async stop() {
        await mesh.stop();
        await stopServers();
      },
    };
  } catch (error) {
    await stopServers();
    throw error;
  }
}
