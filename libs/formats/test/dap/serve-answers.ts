import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unescape as unescapeQuery } from 'node:querystring';
import type { DapProtocol } from '@hyperslab/dap';
import type { FileIndex } from '@hyperslab/proto/index';
import { createStorage } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';

/** What is answered to the suffix and the unescaped query of a request; undefined for 404, a number for that status. */
export type Answers = (
  suffix: string,
  query: string,
  response: ServerResponse,
) => string | Uint8Array | number | undefined;

/** Serves one data set by answers that a test makes up, indexes it (or another URL of its server), and tells what was asked. */
export async function indexAnswers(
  protocol: DapProtocol,
  answers: Answers,
  url = `x#${protocol}`,
): Promise<{ index: FileIndex; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url!, 'http://localhost');
    requests.push(request.url!);
    const answer = answers(pathname.slice(2), unescapeQuery(search.slice(1)), response);
    if (response.destroyed) return;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const retry = { attempts: 2, firstDelayMs: 1, longestDelayMs: 1 };
  const storage = createStorage({ roots: [root], retry });
  try {
    const index = await indexFile(storage.open(root + url), { storage });
    return { index, requests };
  } finally {
    await storage.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** An answer of DAP2: a declaration and the numbers of each array of Float32, or text of each scalar String. */
export function dods(...arrays: { declaration: string; values: readonly number[] | string }[]): Uint8Array {
  const declarations = arrays.map(({ declaration }) => declaration).join(' ');
  const bodies = arrays.map(({ values }) =>
    typeof values === 'string' ? xdrText(values) : xdrArray(values),
  );
  return Buffer.concat([Buffer.from(`Dataset { ${declarations} } x;\nData:\n`), ...bodies]);
}

function xdrArray(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + 4 * values.length);
  bytes.writeUInt32BE(values.length, 0);
  bytes.writeUInt32BE(values.length, 4);
  for (const [i, value] of values.entries()) bytes.writeFloatBE(value, 8 + 4 * i);
  return bytes;
}

function xdrText(text: string): Buffer {
  const bytes = Buffer.alloc(4 + 4 * Math.ceil(text.length / 4));
  bytes.writeUInt32BE(text.length, 0);
  bytes.write(text, 4, 'latin1');
  return bytes;
}

/** Numbers of a block of Float32. */
export function floatsOf(data: Uint8Array): number[] {
  return [...new Float32Array(new Uint8Array(data).buffer)];
}
