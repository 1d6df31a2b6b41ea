import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { openKubernetes } from '../src/api/open-kubernetes.ts';

describe('requests to a Kubernetes API', () => {
  // An idle HTTP/2 session of undici ends by an error that no caller sees, and with it the process.
  it('go by HTTP/1.1 although the server speaks HTTP/2, too', async () => {
    await withTemporaryDirectory(async (folder) => {
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const made = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
      ];
      execFileSync('openssl', [...made, ...subject], { stdio: 'ignore' });
      const versions: string[] = [];
      const options = { key: readFileSync(key), cert: readFileSync(cert), allowHTTP1: true };
      const server = createSecureServer(options, (request, response) => {
        versions.push(request.httpVersion);
        response.setHeader('content-type', 'application/json');
        response.end('{"kind": "Lease"}');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const kubeconfig = join(folder, 'kubeconfig');
        writeFileSync(kubeconfig, JSON.stringify(configOf((server.address() as AddressInfo).port, cert)));
        const api = await openKubernetes(kubeconfig);
        const path = {
          api: 'coordination.k8s.io/v1',
          namespace: 'a',
          resource: 'leases',
          name: 'b',
        } as const;
        assert.deepEqual(await api.request('get', path), { kind: 'Lease' });
        assert.deepEqual(versions, ['1.1']);
      } finally {
        server.close();
      }
    });
  });
});

function configOf(port: number, certificate: string) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      {
        name: 'test',
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': certificate },
      },
    ],
    users: [{ name: 'test', user: { token: 'none' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'a' } }],
  };
}
