import type { Cluster } from './start-cluster.ts';

/** A volume that was made by hand, as on a cluster that provisions none. */
export interface HandMadeVolume {
  name: string;
  /** Claim that it is for; it is made too unless a StatefulSet makes it. */
  claim: string;
  ofStatefulSet?: boolean;
}

const size = '5Gi';

/**
 * Makes volumes in folders of the node, whose owner is the user of the services, and fills them: `script` runs as a
 * shell of `image` with a folder /volumes/NAME for each.
 */
export async function makeVolumes(
  cluster: Cluster,
  namespace: string,
  { image, volumes, script = '' }: { image: string; volumes: readonly HandMadeVolume[]; script?: string },
): Promise<void> {
  const folder = `${cluster.nodeFolder}/${namespace}`;
  const folders = volumes.map(({ name }) => `/volumes/${name}`).join(' ');
  const objects = volumes.flatMap((volume) => [
    persistentVolume(volume, namespace, folder),
    ...(volume.ofStatefulSet ? [] : [claim(volume)]),
  ]);
  const filler = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'volumes' },
    spec: {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'volumes',
          image,
          imagePullPolicy: 'IfNotPresent',
          securityContext: { runAsUser: 0 },
          command: ['sh', '-euc', `mkdir -p ${folders}\n${script}\nchown -R 10001:10001 ${folders}`],
          volumeMounts: [{ name: 'volumes', mountPath: '/volumes' }],
        },
      ],
      volumes: [{ name: 'volumes', hostPath: { path: folder, type: 'DirectoryOrCreate' } }],
    },
  };
  await cluster.apply(namespace, [...objects, filler]);
  await cluster.waitFor(namespace, 'pod/volumes', 'jsonpath={.status.phase}=Succeeded');
  await cluster.kubectl(['--namespace', namespace, 'delete', 'pod', 'volumes', '--wait=false']);
}

function persistentVolume({ name, claim }: HandMadeVolume, namespace: string, folder: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${namespace}-${name}`, labels: { 'hyperslab.io/test': namespace } },
    spec: {
      capacity: { storage: size },
      accessModes: ['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany'],
      storageClassName: '',
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { namespace, name: claim },
      hostPath: { path: `${folder}/${name}` },
    },
  };
}

function claim({ claim: name }: HandMadeVolume): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: '',
      resources: { requests: { storage: size } },
    },
  };
}
