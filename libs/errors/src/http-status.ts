import type { StatusName } from './hyperslab-error.ts';

/** HTTP's word for each kind of failure. */
export const httpStatus: Readonly<Record<StatusName, number>> = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  PERMISSION_DENIED: 403,
  FAILED_PRECONDITION: 409,
  ALREADY_EXISTS: 409,
  DATA_LOSS: 500,
  RESOURCE_EXHAUSTED: 413,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
  CANCELLED: 499,
  INTERNAL: 500,
};
