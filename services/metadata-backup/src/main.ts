import { datasetMarkdown } from '@hyperslab/cube';
import { runService, serve } from '@hyperslab/rpc';
import { openBackup } from './open-backup.ts';

await runService('metadata-backup', async ({ config, log, metrics }) => {
  const backup = await openBackup(config, datasetMarkdown, log, metrics);
  const server = await serve({
    service: 'metadata-backup',
    bind: config.bind,
    port: config.metadataBackupPort,
    allowedHosts: config.allowedHosts,
    services: [backup.service],
    readiness: backup.readiness,
    requestTimeoutMs: config.requestTimeout,
    log,
    metrics,
  });
  return {
    async stop(graceMs) {
      await server.stop(graceMs);
      await backup.close();
    },
  };
});
