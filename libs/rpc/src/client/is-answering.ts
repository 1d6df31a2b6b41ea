import { type Client, Metadata, type ServiceError, status } from '@grpc/grpc-js';

const method = '/grpc.health.v1.Health/Check';
const noFields = Buffer.alloc(0);

/**
 * Whether the server behind a client answers at all within `deadlineMs`, well or ill: a process that is stopped, or a
 * machine that is cut off, keeps its connections and says nothing.
 */
export function isAnswering(client: Client, deadlineMs: number): Promise<boolean> {
  const bytes = (message: Buffer) => message;
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + deadlineMs };
    const done = (error: ServiceError | null) => resolve(error === null || !silences.has(error.code));
    client.makeUnaryRequest(method, bytes, bytes, noFields, new Metadata(), options, done);
  });
}

/** What gRPC itself says when no answer came. */
const silences = new Set([status.DEADLINE_EXCEEDED, status.UNAVAILABLE, status.CANCELLED]);
