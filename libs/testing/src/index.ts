export {
  pythonPath,
  repository,
  sharedCluster,
  sharedCorpora,
  sharedData,
  toolPath,
  withTemporaryDirectory,
} from './locations.ts';
export { type S3Server, startS3Server } from './start-s3-server.ts';
