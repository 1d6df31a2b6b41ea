import { type Config, isLoopback, readConfig, type ServiceName, unknownVariables } from '@hyperslab/config';
import { asHyperslabError } from '@hyperslab/errors';
import {
  addProcessMetrics,
  createLogger,
  createMetrics,
  type Logger,
  type Metrics,
  startTelemetry,
  type Telemetry,
} from '@hyperslab/telemetry';
import { watchParent } from './watch-parent.ts';

/** What a service starts with. */
export interface ServiceEnvironment {
  config: Config;
  log: Logger;
  metrics: Metrics;
}

/** A service that runs. */
export interface RunningService {
  /** Ends it, and lets it finish what it has begun for so long. */
  stop(graceMs: number): Promise<void>;
}

/**
 * The life of a service's process: reads the configuration, starts, stops gracefully on SIGTERM, SIGINT or when its
 * parent is gone, within HYPERSLAB_DRAIN_TIMEOUT. Exit status: 0 stopped, 1 failed, 2 the configuration is wrong.
 */
export async function runService(
  service: ServiceName,
  main: (environment: ServiceEnvironment) => Promise<RunningService>,
): Promise<void> {
  const config = configuration(service);
  const log = createLogger(service, { level: config.logLevel });
  const die = (error: unknown, message: string) => {
    log.fatal({ err: error }, message);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => die(error, 'uncaught error'));
  process.on('unhandledRejection', (error) => die(error, 'unhandled rejection'));
  warn(config, log);

  let telemetry: Telemetry | undefined;
  let running: RunningService | undefined;
  let stopping = false;
  const stop = async (cause: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ cause }, 'stopping');
    // Whatever hangs beyond the grace and a little more must not keep the process.
    setTimeout(() => die(undefined, 'did not stop in time'), config.drainTimeout + 4_000).unref();
    try {
      await running?.stop(config.drainTimeout);
    } catch (error) {
      die(error, 'could not stop cleanly');
    }
    await telemetry?.stop();
    log.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  watchParent(config.parentPid, () => stop('the parent process is gone'));

  const metrics = createMetrics();
  addProcessMetrics(metrics);
  try {
    telemetry = await startTelemetry({ service, metrics, warn: (message) => log.warn(message) });
    running = await main({ config, log, metrics });
    if (stopping) await running.stop(config.drainTimeout);
  } catch (error) {
    die(error, `could not start: ${asHyperslabError(error).message}`);
  }
}

function configuration(service: ServiceName): Config {
  try {
    return readConfig();
  } catch (error) {
    createLogger(service).fatal(asHyperslabError(error).message);
    process.exit(2);
  }
}

function warn(config: Config, log: Logger): void {
  if (!isLoopback(config.bind))
    log.warn({ address: config.bind }, 'listening beyond this machine without asking callers who they are');
  for (const variable of unknownVariables()) log.warn(`${variable} is no setting; is it misspelt?`);
}
