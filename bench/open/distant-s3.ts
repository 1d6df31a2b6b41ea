import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3Server } from '@hyperslab/testing';

/** A real S3 server that is so far away that a round trip takes `latencyMs`. */
export interface DistantS3 {
  /** AWS_* variables with which clients reach it. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

export const bucket = 'bench';

/** Starts an S3 server with the files of a folder in a bucket, and a line to it that delays what goes either way. */
export async function startDistantS3(folder: string, latencyMs: number): Promise<DistantS3> {
  const copy = mkdtempSync(join(tmpdir(), 'hyperslab-s3-'));
  const server = await startS3Server(copy, [bucket]);
  if (server === undefined) throw new Error('no S3 server; "npm test" builds versitygw with Go');
  cpSync(folder, join(copy, bucket), { recursive: true });
  const near = new URL(server.env.AWS_ENDPOINT_URL);
  const sockets = new Set<Socket>();
  const line = createServer((client) => {
    const far = dial(Number(near.port), near.hostname);
    for (const [from, to] of [
      [client, far],
      [far, client],
    ]) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => setTimeout(() => to.writable && to.write(bytes), latencyMs / 2));
      from.on('close', () => {
        sockets.delete(from);
        setTimeout(() => to.end(), latencyMs / 2);
      });
      from.on('error', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const address = line.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');
  return {
    env: { ...server.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}` },
    async stop() {
      for (const socket of sockets) socket.destroy();
      line.close();
      await server.stop();
      rmSync(copy, { recursive: true, force: true });
    },
  };
}
