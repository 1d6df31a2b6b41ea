import { type Client, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { codeOf } from '../errors/from-status.ts';

const method = '/grpc.health.v1.Health/Check';
const noFields = Buffer.alloc(0);

/**
 * Whether the server behind a client answers at all within `deadlineMs`, well or ill: a process that is stopped, or a
 * machine that is cut off, keeps its connections and says nothing. By a client that was closed nobody can be asked, and
 * none answers.
 */
export function isAnswering(client: Client, deadlineMs: number): Promise<boolean> {
  const bytes = (message: Buffer) => message;
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + deadlineMs };
    const done = (error: ServiceError | null) => resolve(error === null || !silences.has(codeOf(error)));
    try {
      client.makeUnaryRequest(method, bytes, bytes, noFields, new Metadata(), options, done);
    } catch {
      // grpc-js throws at once when its channel was closed.
      resolve(false);
    }
  });
}

/** What gRPC itself says when no answer came. */
const silences = new Set([status.DEADLINE_EXCEEDED, status.UNAVAILABLE, status.CANCELLED]);
