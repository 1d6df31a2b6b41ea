import { copyRegion, decodeArray, type MaskedArray, zeros } from '@hyperslab/array';
import { type Job, JobState, SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { type ArrayFrame, type BlockHeader, ChunkServiceClient } from '@hyperslab/proto/worker';
import { call, connect, fromJobError, openStream } from '@hyperslab/rpc';
import type { Services } from './start-services.ts';

/** What tests ask of the services. */
export function callsOf({ addresses }: Services) {
  const scheduler = connect(SchedulerServiceClient, addresses.scheduler, { caller: 'tester' });
  const workers = [addresses['worker-1'], addresses['worker-2']].map((address) =>
    connect(ChunkServiceClient, address),
  );
  return {
    scheduler,
    workers,
    submitPublish: (name: string, urls: string[], requestId = '') =>
      call(scheduler, 'submitPublish', {
        requestId,
        name,
        urls,
        merge: undefined,
        expression: undefined,
        variable: '',
      }),
    submitCompute: (dataset: string, text: string, persist = false, requestId = '') =>
      call(scheduler, 'submitCompute', {
        requestId,
        expression: { dataset, form: { $case: 'text', value: text } },
        persist,
      }),
    async ended(jobId: string): Promise<Job> {
      let last: Job | undefined;
      for await (const job of openStream(scheduler, 'watchJob', { jobId })) last = job;
      if (last === undefined) throw new Error('watched nothing');
      return last;
    },
    async succeeded(jobId: string): Promise<Job> {
      const job = await this.ended(jobId);
      if (job.error !== undefined) throw fromJobError(job.error);
      if (job.state !== JobState.JOB_STATE_SUCCEEDED) throw new Error(`job is ${job.state}`);
      return job;
    },
    async read(jobId: string, worker = 0): Promise<MaskedArray> {
      return assemble(
        openStream(workers[worker], 'readResult', {
          jobId,
          firstBlock: 0,
          blocks: 0,
          held: false,
          fingerprint: '',
        }),
      );
    },
    close() {
      scheduler.close();
      for (const worker of workers) worker.close();
    },
  };
}

/** The whole array of a stream. */
export async function assemble(frames: AsyncIterable<ArrayFrame>): Promise<MaskedArray> {
  let whole: MaskedArray | undefined;
  let block: BlockHeader | undefined;
  let data: Buffer[] = [];
  let mask: Buffer[] = [];
  const place = () => {
    if (whole === undefined || block === undefined) return;
    const part = decodeArray({
      dtype: whole.dtype,
      shape: block.shape,
      data: Buffer.concat(data),
      mask: Buffer.concat(mask),
    });
    const from = { arrayShape: part.shape, origin: part.shape.map(() => 0) };
    const to = { arrayShape: whole.shape, origin: block.origin };
    copyRegion(part.values, from, whole.values, to, part.shape);
    if (part.mask !== undefined) copyRegion(part.mask, from, whole.mask!, to, part.shape);
  };
  for await (const frame of frames) {
    if (frame.header !== undefined) {
      whole = zeros(frame.header.dtype as MaskedArray['dtype'], frame.header.shape);
      whole.mask = new Uint8Array(whole.values.length);
    }
    if (frame.block !== undefined) {
      place();
      block = frame.block;
      data = [];
      mask = [];
    }
    data.push(frame.data);
    mask.push(frame.mask);
  }
  place();
  if (whole === undefined) throw new Error('no header');
  return whole;
}
