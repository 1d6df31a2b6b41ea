import { fileURLToPath } from 'node:url';
import { connect } from '@hyperslab/client';
import { SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { connect as dial, openStream, runService } from '@hyperslab/rpc';
import { metricNames } from '@hyperslab/telemetry';
import { ClusterFeed } from './cluster/cluster-feed.ts';
import { loadPageFiles } from './http/page-files.ts';
import { routes } from './http/routes.ts';
import { serveDashboard } from './http/serve-dashboard.ts';

const pageFolder = fileURLToPath(new URL('../dist', import.meta.url));

await runService('dashboard', async ({ config, log, metrics }) => {
  const { bind, allowedHosts, catalog, scheduler, workers, requestTimeout } = config;
  const client = await connect({
    catalog,
    scheduler,
    workers,
    caller: 'dashboard',
    patienceMs: requestTimeout,
  });
  const files = await loadPageFiles(pageFolder);
  if (!files.isBuilt) log.warn({ folder: pageFolder }, 'the page is not built; the API is served without it');
  const schedulerClient = dial(SchedulerServiceClient, scheduler, { caller: 'dashboard' });
  const feed = new ClusterFeed(
    (request, signal) => openStream(schedulerClient, 'watchCluster', request, { signal }),
    log,
  );
  metrics.gauge(...metricNames.dashboardViewers).observe(() => feed.viewers);
  const stopping = new AbortController();
  const { signal } = stopping;
  const app = routes({ client, feed, files, stopping: signal, requestTimeoutMs: requestTimeout });
  const dashboard = await serveDashboard({
    bind,
    port: config.dashboardPort,
    allowedHosts,
    app,
    log,
    metrics,
  });
  return {
    async stop(graceMs) {
      stopping.abort();
      feed.stop();
      await dashboard.stop(graceMs);
      schedulerClient.close();
      client.close();
    },
  };
});
