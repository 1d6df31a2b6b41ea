import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { toolPath } from './locations.ts';

/** A real S3 server (versitygw) on loopback. */
export interface S3Server {
  /** AWS_* variables with which clients reach it. */
  env: Record<string, string>;
  /** Ends the server. */
  stop(): Promise<void>;
}

const startTimeoutMs = 15_000;

/**
 * Starts an S3 server whose buckets are the folders of `folder`; those named are made. Undefined when versitygw is not
 * there: then a test is to be skipped.
 */
export async function startS3Server(
  folder: string,
  buckets: readonly string[],
): Promise<S3Server | undefined> {
  const program = toolPath('versitygw');
  if (program === undefined) return undefined;
  for (const bucket of buckets) await mkdir(join(folder, bucket), { recursive: true });
  const address = `127.0.0.1:${await freePort()}`;
  const access = ['--access', 'test-key', '--secret', 'test-secret'];
  const server = spawn(program, ['--port', address, ...access, '--quiet', 'posix', folder], {
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', () => resolve());
  });
  await answering(`http://${address}/`, exited);
  return {
    env: {
      AWS_ENDPOINT_URL: `http://${address}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test-key',
      AWS_SECRET_ACCESS_KEY: 'test-secret',
    },
    async stop() {
      server.kill();
      await exited;
    },
  };
}

async function answering(url: string, exited: Promise<void>): Promise<void> {
  let alive = true;
  void exited.then(() => {
    alive = false;
  });
  const deadline = Date.now() + startTimeoutMs;
  while (alive && Date.now() < deadline) {
    // Any answer will do: without a signature it is a refusal.
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(alive ? `versitygw did not answer on ${url}` : 'versitygw ended at its start');
}
