import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonPath, toolPath } from '@hyperslab/testing';
import { buildClusterImages, type ClusterImages, imageBuilder, imagesAreGiven } from './cluster-images.ts';
import { makeVolumes } from './cluster-volumes.ts';
import { explainPods, timed } from './explain.ts';
import { installChart, type Release } from './helm-release.ts';
import { type PortForward, portForward } from './port-forward.ts';
import type { CommandResult, RunOptions } from './run-command.ts';
import { type Cluster, endWithThisProcess, useCluster } from './start-cluster.ts';

/**
 * The release that the cluster tests share: the chart's ready-made values for one node, S3 and high availability
 * together. A run lies on a volume and in S3; manifests and arrays are in S3.
 */
export interface SharedRelease extends Release {
  readonly images: ClusterImages;
  /** Where the run is for workers: a folder and an S3 prefix. */
  readonly run: { folder: string; s3: string };
  /** Runs `hyperslab` in a pod of the cluster. */
  hyperslab(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  portForward(target: string, port: number): Promise<PortForward>;
  /** Starts a pod with Python and grpcio that is let in to the mesh, and waits for it. */
  addPythonPod(name: string): Promise<void>;
  /** Copies the files of the run to this machine and answers the folder. */
  copyRun(): Promise<string>;
}

const runFolder = '/data/runs/run';
const s3Keys = { AWS_ACCESS_KEY_ID: 'test-key', AWS_SECRET_ACCESS_KEY: 'test-secret' };
/** So much that a job over all of it can be interrupted; its files are copied to this machine to compare. */
const runSize = '24MiB';

let shared: Promise<SharedRelease> | undefined;

/** The shared release, installed for the first who asks. Skips, saying why, where there can be no cluster. */
export async function useRelease(context: Mocha.Context): Promise<SharedRelease> {
  const cluster = await useCluster(context);
  context.timeout(1_200_000);
  if (toolPath('versitygw') === undefined || pythonPath() === undefined) {
    console.log('    skipped: no versitygw or no Python; `node tools/setup.mjs --tests` prepares them');
    return context.skip();
  }
  if (!imagesAreGiven() && imageBuilder() === undefined) {
    console.log('    skipped: needs buildah or Docker to build the images, or HYPERSLAB_TEST_IMAGES');
    return context.skip();
  }
  shared ??= timed('mesh on the cluster, with images', install(cluster));
  return shared;
}

/** Says after each failure in this block what is known of the pods. */
export function explainFailures(release: () => SharedRelease | undefined): void {
  afterEach(async function () {
    const { cluster, namespace } = release() ?? {};
    if (this.currentTest?.state !== 'failed' || cluster === undefined || namespace === undefined) return;
    this.timeout(120_000);
    console.log(await explainPods(cluster, namespace));
  });
}

async function install(cluster: Cluster): Promise<SharedRelease> {
  const images = await buildClusterImages(cluster);
  const namespace = await cluster.createNamespace('hyperslab-mesh');
  endWithThisProcess(() => removeNamespace(cluster, namespace));
  await timed('volumes, and a run on them', fillVolumes(cluster, namespace, images));
  const secure = ['label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted'];
  await cluster.kubectl(secure);
  await cluster.apply(namespace, s3Objects(images));
  await cluster.waitFor(namespace, 'pod/s3', 'condition=Ready');
  const release = await timed(
    'helm install',
    installChart(cluster, { namespace, readyMade: ['small', 's3', 'ha'], values: chartValues(images) }),
  );
  await cluster.apply(namespace, [clientPod('client', images.hyperslab, { runs: '/data/runs' })]);
  await cluster.waitFor(namespace, 'pod/client', 'condition=Ready');
  return withClient(release, images);
}

function removeNamespace(cluster: Cluster, namespace: string): void {
  const options = { env: { ...process.env, ...cluster.env }, stdio: 'ignore' } as const;
  spawnSync('kubectl', ['delete', 'namespace', namespace, '--wait=false'], options);
  const volumes = ['delete', 'persistentvolumes', '--selector', `hyperslab.io/test=${namespace}`];
  spawnSync('kubectl', [...volumes, '--wait=false'], options);
}

function fillVolumes(cluster: Cluster, namespace: string, { hyperslab }: ClusterImages): Promise<void> {
  return makeVolumes(cluster, namespace, {
    image: hyperslab,
    volumes: [
      { name: 'catalog', claim: 'state-hyperslab-catalog-0', ofStatefulSet: true },
      { name: 'backup', claim: 'state-hyperslab-metadata-backup-0', ofStatefulSet: true },
      { name: 'runs', claim: 'runs' },
      { name: 's3', claim: 's3' },
    ],
    script: [
      `hyperslab sample /volumes/runs/run --size ${runSize}`,
      'mkdir -p /volumes/s3/model-runs /volumes/s3/hyperslab /volumes/s3/hyperslab-backup',
      'cp -r /volumes/runs/run /volumes/s3/model-runs/run',
    ].join('\n'),
  });
}

/** A pod that PodSecurity `restricted` lets in. */
function pod(name: string, labels: Record<string, string>, container: object, claims: string[]): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name, ...labels } },
    spec: {
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name,
          imagePullPolicy: 'IfNotPresent',
          // Without, it gets next to nothing while others compute.
          resources: { requests: { cpu: '50m', memory: '64Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          ...container,
        },
      ],
      volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
    },
  };
}

function s3Objects({ tools }: ClusterImages): object[] {
  const { AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret } = s3Keys;
  const server = pod(
    's3',
    {},
    {
      image: tools,
      command: ['versitygw', '--port', ':7070', '--access', access, '--secret', secret, 'posix', '/s3'],
      ports: [{ containerPort: 7070 }],
      readinessProbe: { tcpSocket: { port: 7070 }, periodSeconds: 1 },
      volumeMounts: [{ name: 's3', mountPath: '/s3' }],
    },
    ['s3'],
  );
  return [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hyperslab-s3' }, stringData: s3Keys },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's3' },
      spec: { selector: { app: 's3' }, ports: [{ port: 7070 }] },
    },
    server,
  ];
}

/** A pod that the network policies let in; it does what `kubectl exec` tells it. */
function clientPod(name: string, image: string, claims: Record<string, string> = {}): object {
  const container = {
    image,
    command: ['sleep', 'infinity'],
    envFrom: [{ configMapRef: { name: 'hyperslab' } }],
    env: [{ name: 'HYPERSLAB_WORKERS', value: 'hyperslab-worker-pool:7403' }],
    volumeMounts: Object.entries(claims).map(([claim, mountPath]) => ({ name: claim, mountPath })),
  };
  return pod(name, { 'hyperslab.io/client': 'true' }, container, Object.keys(claims));
}

/** What the ready-made values leave open; and little CPU, so that other releases of the run have room beside it. */
function chartValues({ hyperslab }: ClusterImages): object {
  const [repository, tag] = hyperslab.split(/:(?=[^/]*$)/);
  const resources = { requests: { cpu: '30m', memory: '96Mi' } };
  const volume = { storageClass: '-', size: '1Gi' };
  return {
    image: { repository, tag },
    data: { claims: [{ claimName: 'runs', mountPath: '/data/runs' }] },
    s3: { endpoint: 'http://s3:7070', region: 'us-east-1' },
    networkPolicy: { storagePorts: [7070] },
    catalog: { resources, volume },
    metadataBackup: { resources, volume },
    // Enough to renew its lease in time while workers start.
    scheduler: { resources: { requests: { cpu: '100m', memory: '128Mi' } } },
    opendapGateway: { resources },
    dashboard: { resources, replicas: 1 },
    autoscaler: { resources },
    workerPool: { cpu: '50m', memory: '640Mi', autoscaling: { min: 1, max: 3 } },
    // Scales on seconds of work, and within seconds.
    config: {
      autoscaleInterval: '1s',
      autoscaleTarget: '2s',
      autoscaleDownAfter: '10s',
    },
  };
}

function withClient(release: Release, images: ClusterImages): SharedRelease {
  const { cluster, namespace } = release;
  return {
    ...release,
    images,
    run: { folder: `${runFolder}/`, s3: 's3://model-runs/run/' },
    hyperslab: (args, options) => release.kubectl(['exec', 'client', '--', 'hyperslab', ...args], options),
    portForward: (target, port) => portForward(cluster, namespace, target, port),
    async addPythonPod(name) {
      await cluster.apply(namespace, [clientPod(name, images.tools)]);
      await cluster.waitFor(namespace, `pod/${name}`, 'condition=Ready');
    },
    async copyRun() {
      const folder = await mkdtemp(join(tmpdir(), 'hyperslab-run-'));
      const { code, stderr } = await release.kubectl(['cp', `client:${runFolder}`, folder]);
      if (code === 0) return folder;
      await rm(folder, { recursive: true });
      throw new Error(`the run could not be copied: ${stderr}`);
    },
  };
}
