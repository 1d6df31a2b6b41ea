import { hostname } from 'node:os';
import { type KubernetesApi, labelPod } from '@hyperslab/kubernetes';

/** The Service of the scheduler selects the pod that has it. */
const roleLabel = 'hyperslab.io/role';

/** The pod of this process, as far as there is one. */
export interface OwnPod {
  /** Name of this process in the lease: of the pod, and of this life of it. */
  identity: string;
  /** Sends callers of the Service here. */
  markLeader(): Promise<void>;
  /** Sends them here no longer. */
  unmarkLeader(): Promise<void>;
  /** Takes the mark from the pod of another process, which may be in no state to do so itself. */
  unmark(identity: string): Promise<void>;
}

/** @param podName undefined outside of a pod: then there is nothing to mark */
export function ownPod(api: KubernetesApi, namespace: string, podName: string | undefined): OwnPod {
  const mark = (name: string, role: string | null) => labelPod(api, namespace, name, { [roleLabel]: role });
  return {
    identity: `${podName ?? hostname()}_${crypto.randomUUID()}`,
    async markLeader() {
      if (podName !== undefined) await mark(podName, 'leader');
    },
    async unmarkLeader() {
      if (podName !== undefined) await mark(podName, null);
    },
    async unmark(identity) {
      const name = identity.slice(0, identity.lastIndexOf('_'));
      if (podName !== undefined && name !== podName && name !== '') await mark(name, null);
    },
  };
}
