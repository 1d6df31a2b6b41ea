export { describeBothWays } from './describe-both-ways.ts';
export { freeServicePort, isFree } from './free-port.ts';
export {
  clusterCache,
  pythonPath,
  repository,
  sharedCluster,
  sharedCorpora,
  sharedData,
  toolPath,
  withTemporaryDirectory,
} from './locations.ts';
export type { ReceivedMetric, ReceivedSpan } from './otlp-lines.ts';
export { hasPython, runPython } from './python.ts';
export { withRandomSeed } from './random-seed.ts';
export { skip } from './skip.ts';
export { type DapServer, type DapServerKind, startDapServer } from './start-dap-server.ts';
export { type OtlpReceiver, startOtlpReceiver } from './start-otlp-receiver.ts';
export { type S3Server, startS3Server } from './start-s3-server.ts';
export { withinLimits } from './within-limits.ts';
