import { fileURLToPath } from 'node:url';
import { connect } from '@hyperslab/client';
import { runService } from '@hyperslab/rpc';
import { loadPageFiles } from './http/page-files.ts';
import { routes } from './http/routes.ts';
import { serveDashboard } from './http/serve-dashboard.ts';

const pageFolder = fileURLToPath(new URL('../dist', import.meta.url));

await runService('dashboard', async ({ config, log, metrics }) => {
  const { bind, catalog, scheduler, workers, requestTimeout } = config;
  const client = await connect({
    catalog,
    scheduler,
    workers,
    caller: 'dashboard',
    patienceMs: requestTimeout,
  });
  const files = await loadPageFiles(pageFolder);
  if (!files.isBuilt) log.warn({ folder: pageFolder }, 'the page is not built; the API is served without it');
  const app = routes({ client, files, requestTimeoutMs: requestTimeout });
  const dashboard = await serveDashboard({ bind, port: config.dashboardPort, app, log, metrics });
  return {
    async stop(graceMs) {
      await dashboard.stop(graceMs);
      client.close();
    },
  };
});
