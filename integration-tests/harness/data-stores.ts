import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3Server } from '@hyperslab/testing';
import { serveFolder } from './serve-folder.ts';
import { type Mesh, startMesh } from './start-mesh.ts';

/** Kinds of stores: a test that is the same on all of them runs once for each. */
export const storeKinds = ['file', 'http', 's3'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** The same files in a folder, on a web server and on an S3 server. */
export interface DataStores {
  /** What a reader of all of them must be allowed, and its environment. */
  roots: string[];
  env: Record<string, string> | undefined;
  /** Where a file of the folder lies in a store; undefined where the store is not there, which is said. */
  urlOf(kind: StoreKind, path: string): string | undefined;
  stop(): Promise<void>;
}

const bucket = 'archive';

/** Puts what lies in a folder into stores of every kind. */
export async function startDataStores(folder: string): Promise<DataStores> {
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
  return {
    roots: Object.values(bases).filter((base) => base !== undefined),
    env: s3?.env,
    urlOf: (kind, path) => bases[kind] && bases[kind] + path,
    async stop() {
      web.server.close();
      await s3?.stop();
      await rm(copy, { recursive: true, force: true });
    },
  };
}

/** Stores, and a mesh that reads them. */
export interface MeshOfStores extends Pick<DataStores, 'urlOf' | 'stop'> {
  mesh: Mesh;
}

/** Starts a mesh that may read what lies in a folder, and the same in stores of every kind. */
export async function startMeshOfStores(folder: string): Promise<MeshOfStores> {
  const stores = await startDataStores(folder);
  try {
    const mesh = await startMesh(stores);
    return {
      mesh,
      urlOf: stores.urlOf,
      async stop() {
        await mesh.stop();
        await stores.stop();
      },
    };
  } catch (error) {
    await stores.stop();
    throw error;
  }
}
