import { type RunningService, runService, type ServiceEnvironment, serve } from '@hyperslab/rpc';
import { scheduleInTurn } from './lead/schedule-in-turn.ts';
import { startScheduling } from './start-scheduling.ts';

await runService('scheduler', (environment) =>
  environment.config.lease === undefined
    ? scheduleAlone(environment)
    : scheduleInTurn(environment, environment.config.lease),
);

/** The scheduler of a mesh that has one. */
async function scheduleAlone(environment: ServiceEnvironment): Promise<RunningService> {
  const { config, log, metrics } = environment;
  const scheduling = await startScheduling(environment);
  const server = await serve({
    service: 'scheduler',
    bind: config.bind,
    port: config.schedulerPort,
    allowedHosts: config.allowedHosts,
    services: [scheduling.schedulerService, scheduling.workerLinkService],
    log,
    metrics,
    readiness: scheduling.problem,
    requestTimeoutMs: config.requestTimeout,
  });
  return {
    async stop(graceMs) {
      scheduling.wind();
      await server.stop(graceMs);
      await scheduling.close();
    },
  };
}
