import { checkMergeOptions } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import { MergeOptions } from '@hyperslab/proto/merge';
import type { SubmitPublishRequest } from '@hyperslab/proto/scheduler';

/** Files that one index task takes: enough that a task is worth its round trip, few enough that tasks spread. */
const objectsPerTask = 16;
const mostUrls = 100_000;
/** What one task gathers headers of: on S3, a GRIB file of 10 GB is 40 tasks of some seconds. */
const partBytes = 256 * 1024 * 1024;

/** How a publish of files is asked for, beside its name. */
export type FilesRequest = Pick<
  SubmitPublishRequest,
  'urls' | 'merge' | 'unlessSame' | 'following' | 'fresh'
>;

/** The stages of a publish or an inspection: list the objects, index them, merge what was found. */
export function planPublish(name: string, request: FilesRequest): Plan {
  const { urls, merge, unlessSame, following, fresh } = request;
  if (urls.length === 0 || urls.length > mostUrls || urls.includes('')) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `publish: expected 1 to ${mostUrls} URLs, got ${urls.length}; a glob or a prefix stands for many`,
    );
  }
  const options = merge ?? MergeOptions.create();
  checkMergeOptions(options);
  return Plan.fromPartial({
    stages: [
      { kind: StageKind.STAGE_KIND_EXPAND, tasks: 1 },
      { kind: StageKind.STAGE_KIND_INDEX, inputs: [0] },
      { kind: StageKind.STAGE_KIND_AGGREGATE, tasks: 1, inputs: [1, 0] },
    ],
    publish: {
      name,
      urls: [...urls],
      merge: options,
      objectsPerTask,
      unlessSame,
      following,
      partBytes,
      fresh,
    },
  });
}
