import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { logKeys } from './names.ts';
import { activeTrace } from './trace-context.ts';

export type { Logger } from 'pino';

/** How a logger is made. */
export interface LoggerOptions {
  /** Least severe level that is written. */
  level?: string;
  /** Where lines go, instead of standard error. */
  stream?: DestinationStream;
}

/**
 * Logger of a service: one JSON object a line on standard error, with `time` in ISO 8601, `level` as a word and
 * `service`. Within a trace, lines have `trace_id` and `span_id`; loggers of a call always have its `trace_id`.
 */
export function createLogger(service: string, options: LoggerOptions = {}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: (_fields, _level, logger) => traceFields(logger),
    },
    options.stream ?? standardError,
  );
}

/** Where the line was written in a trace; a logger that names one itself knows better. */
function traceFields(logger: Logger): Record<string, string> {
  const active = activeTrace();
  if (active === undefined || logKeys.traceId in logger.bindings()) return {};
  return { [logKeys.traceId]: active.traceId, [logKeys.spanId]: active.spanId };
}

const standardErrorFd = 2;

/** Synchronous: the last line before a crash is the one that is needed. */
const standardError: DestinationStream = {
  write(line) {
    try {
      writeSync(standardErrorFd, line);
    } catch {
      // The disk that the log is on is full, or nobody reads the pipe: a line is lost, not the service.
    }
  },
};
