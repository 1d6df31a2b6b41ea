export {
  pythonPath,
  repository,
  sharedCorpora,
  sharedData,
  toolPath,
  withTemporaryDirectory,
} from './locations.ts';
