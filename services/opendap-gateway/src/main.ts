import { runService } from '@hyperslab/rpc';
import { serveGateway } from './http/serve-gateway.ts';
import { connectUpstream } from './upstream/grpc-upstream.ts';

await runService('opendap-gateway', async ({ config, log, metrics }) => {
  const upstream = connectUpstream({
    catalog: config.catalog,
    workers: config.workers,
    namespace: config.podNamespace,
    requestTimeoutMs: config.requestTimeout,
  });
  const gateway = await serveGateway({
    bind: config.bind,
    port: config.gatewayPort,
    allowedHosts: config.allowedHosts,
    upstream,
    log,
    metrics,
  });
  return {
    async stop(graceMs) {
      await gateway.stop(graceMs);
      upstream.close();
    },
  };
});
