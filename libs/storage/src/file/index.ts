export {
  type AtomicFile,
  type AtomicFileOptions,
  assertAbsent,
  createAtomicFile,
  writeError,
} from './atomic-file.ts';
export { type NamelessFile, openNamelessFile } from './nameless-file.ts';
export { syncFolder } from './sync-folder.ts';
export { removeAbandoned, unfinishedPath } from './unfinished.ts';
