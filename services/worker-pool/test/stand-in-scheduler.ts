import {
  type DescribeResultRequest,
  DescribeResultResponse,
  type LocateBlocksRequest,
  type LocateBlocksResponse,
  WorkerLinkServiceClient,
  WorkerLinkServiceService,
} from '@hyperslab/proto/scheduler';
import { connect, duplex, implement, serve, unary } from '@hyperslab/rpc';
import { createLogger, createMetrics } from '@hyperslab/telemetry';

/** What a scheduler answers those who read blocks. */
interface Answers {
  locate: (
    request: LocateBlocksRequest,
    context: { signal: AbortSignal },
  ) => LocateBlocksResponse | Promise<LocateBlocksResponse>;
  describe?: (request: DescribeResultRequest) => DescribeResultResponse;
}

/** A scheduler that tells what a test says of blocks, and knows no workers. */
export async function withStandInScheduler(
  { locate, describe = () => DescribeResultResponse.create() }: Answers,
  act: (scheduler: WorkerLinkServiceClient) => Promise<void>,
): Promise<void> {
  const service = implement(WorkerLinkServiceService, {
    connect: duplex(async function* () {}),
    locateBlocks: unary(locate),
    describeResult: unary(describe),
  });
  const log = createLogger('test', { level: 'silent' });
  const where = { service: 'test', bind: '127.0.0.1', port: 0, log, metrics: createMetrics() };
  const server = await serve({ ...where, requestTimeoutMs: 5_000, services: [service] });
  const scheduler = connect(WorkerLinkServiceClient, server.address);
  try {
    await act(scheduler);
  } finally {
    scheduler.close();
    await server.stop(100);
  }
}
