import { findEndpoints } from '@hyperslab/client';
import { asHyperslabError } from '@hyperslab/errors';
import { readServices } from '../status/read-services.ts';
import type { Check } from './check.ts';

/** Whether there is a mesh, and each of its services is ready. */
export async function checkMesh(state: string | undefined): Promise<Check[]> {
  try {
    const endpoints = findEndpoints({ state });
    const services = await readServices(endpoints, state);
    return services.map(({ name, address, ready }) => ({
      name,
      ok: ready,
      detail: ready ? address : `${address} does not answer; see the logs in the state directory`,
    }));
  } catch (error) {
    return [{ name: 'mesh', ok: false, detail: asHyperslabError(error).message }];
  }
}
