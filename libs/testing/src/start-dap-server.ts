import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { pythonPath, repository } from './locations.ts';

/** An OPeNDAP server of the NetCDF files of a folder, on loopback. */
export interface DapServer {
  /** Where its data sets are, ending in a slash. */
  readonly url: string;
  /** The data set of a file. */
  dataSet(file: string): string;
  stop(): Promise<void>;
}

/** DAP2 by pydap or xpublish; DAP4 as its specification says, since neither of them serves values in it. */
export type DapServerKind =
  | 'pydap'
  | 'xpublish'
  | { order: 'little' | 'big'; checks: 'checked' | 'flagged' | 'plain'; chunkBytes: number };

/** Starts a server of the files that are in a folder by now. Throws with what it said when it does not start. */
export async function startDapServer(folder: string, kind: DapServerKind): Promise<DapServer> {
  const port = String(await freePort());
  const isDap2 = typeof kind === 'string';
  const script = join(repository, 'libs/testing/foreign', isDap2 ? 'serve-dap2.py' : 'serve-dap4.py');
  const parameters = isDap2 ? [kind, port] : [port, kind.order, kind.checks, String(kind.chunkBytes)];
  const server = spawn(pythonPath()!, ['-B', '-W', 'ignore', script, folder, ...parameters]);
  let said = '';
  server.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-4000);
  });
  const exited = once(server, 'exit');
  const ready = once(server.stdout, 'data').then(() => true);
  if (!(await Promise.race([ready, exited.then(() => false)]))) throw new Error(`no DAP server: ${said}`);
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    dataSet: (file) => (kind === 'xpublish' ? `${url}datasets/${file}/opendap` : url + file),
    async stop() {
      server.stdin.end();
      await exited;
    },
  };
}
