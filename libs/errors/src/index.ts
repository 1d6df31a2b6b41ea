export { httpStatus } from './http-status.ts';
export {
  asHyperslabError,
  type ErrorDetails,
  HyperslabError,
  isHyperslabError,
  type Reason,
  reasons,
  type StatusName,
} from './hyperslab-error.ts';
export { shortened } from './shortened.ts';
