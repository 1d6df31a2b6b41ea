import type { HyperslabError } from '@hyperslab/errors';

/** Exit statuses of the command, a contract with scripts. */
export const exitStatus = {
  done: 0,
  failed: 1,
  wrongCommandLine: 2,
  notFound: 3,
  denied: 4,
  unreachable: 5,
  interrupted: 130,
} as const;

/** What the shell is told of a failure. */
export function exitStatusOf(error: HyperslabError, interrupted: boolean): number {
  if (interrupted && error.reason === 'CANCELLED') return exitStatus.interrupted;
  // Other reasons that are UNAVAILABLE for a caller of gRPC (storage, a lost worker) are not the mesh being away.
  if (error.reason === 'UNAVAILABLE') return exitStatus.unreachable;
  switch (error.status) {
    case 'INVALID_ARGUMENT':
      return exitStatus.wrongCommandLine;
    case 'NOT_FOUND':
      return exitStatus.notFound;
    case 'PERMISSION_DENIED':
      return exitStatus.denied;
    default:
      return exitStatus.failed;
  }
}
