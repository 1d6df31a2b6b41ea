import { join } from 'node:path';
import { BackupServiceClient } from '@hyperslab/proto/backup';
import { connect, runService, serve } from '@hyperslab/rpc';
import { catalogService } from './catalog-service.ts';
import { openCatalog } from './open-catalog.ts';
import { openSqliteCatalogStore } from './store/sqlite-catalog-store.ts';
import { backupLink } from './write/backup-link.ts';

await runService('catalog', async ({ config, log, metrics }) => {
  const store = openSqliteCatalogStore(join(config.state, 'catalog/catalog.sqlite'));
  const client = connect(BackupServiceClient, config.metadataBackup, { caller: 'catalog' });
  const catalog = await openCatalog(store, backupLink(client), log, metrics);
  const server = await serve({
    service: 'catalog',
    bind: config.bind,
    port: config.catalogPort,
    allowedHosts: config.allowedHosts,
    services: [catalogService(catalog)],
    readiness: catalog.readiness,
    requestTimeoutMs: config.requestTimeout,
    log,
    metrics,
  });
  return {
    async stop(graceMs) {
      await server.stop(graceMs);
      await catalog.close();
      client.close();
    },
  };
});
