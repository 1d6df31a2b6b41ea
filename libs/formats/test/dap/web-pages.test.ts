import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HyperslabError } from '@hyperslab/errors';
import { createStorage } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';

/** The error of publishing a web page beside which a server answers so much. */
async function refused(answers: Record<string, string | number>): Promise<HyperslabError> {
  const server = createServer(({ url }, response) => {
    const answer = answers[url!] ?? (url === '/page' ? '<html><body>Files</body></html>' : 404);
    if (typeof answer === 'number') response.writeHead(answer).end();
    else response.end(answer);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const storage = createStorage({
    roots: [root],
    retry: { attempts: 1, firstDelayMs: 1, longestDelayMs: 1 },
  });
  try {
    await indexFile(storage.open(`${root}page`), { storage });
    return assert.fail('expected an error');
  } catch (error) {
    assert.ok(error instanceof HyperslabError, String(error));
    return error;
  } finally {
    await storage.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('web pages', () => {
  it('beside which a data set can not be read are refused with why', async () => {
    const plain = await refused({});
    assert.ok(!plain.message.includes('OPeNDAP'), plain.message);
    const why: [Record<string, string | number>, RegExp][] = [
      [
        { '/page.dds': 'Dataset { Int32 a } x;' },
        /page#dap2: expected ";" behind the declaration of "a", found "}"/,
      ],
      [{ '/page.dmr': 401 }, /page#dap4: the server answered 401; web servers are sent no credentials/],
      [
        { '/page.dmr': 503, '/page.dds': 'Dataset {' },
        /; nor is it .* server: \S+page#dap4: the server answered 503; try again; \S+page#dap2: expected /,
      ],
    ];
    for (const [answers, message] of why) {
      const error = await refused(answers);
      assert.equal(error.reason, plain.reason);
      assert.match(error.message, message);
    }
  });
});
