import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '@hyperslab/config';
import { parse } from 'yaml';
import { need } from '../../libs/autoscaler/src/policy/need.ts';
import { chartDecides } from '../kubernetes/chart-settings.ts';
import { helmProgram } from '../kubernetes/helm.ts';
import { byComponent, type Manifest, render, workloads } from './rendered-chart.ts';

const chart = join(import.meta.dirname, '../../charts/hyperslab');
const values = readdirSync(join(chart, 'values')).map((file) => file.replace('.yaml', ''));
const monitoring = '[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"monitoring"}}}]';
const proxy = '[{"podSelector":{"matchLabels":{"app":"proxy"}}}]';
const everything = [
  `networkPolicy.metrics=${monitoring}`,
  `networkPolicy.web=${proxy}`,
  'telemetry.serviceMonitor.enabled=true',
  'telemetry.prometheusRule.enabled=true',
  'telemetry.grafanaDashboard.enabled=true',
  'telemetry.otlpEndpoint="http://collector:4318"',
  'opendapGateway.ingress={"enabled":true,"host":"data.example.org"}',
  'dashboard.httpRoute={"enabled":true,"parentRefs":[{"name":"gateway"}],"hostnames":["mesh.example.org"]}',
  'data.claims=[{"claimName":"runs","mountPath":"/data/runs"}]',
];

/** What Helm says when it refuses values. */
function refusal(...set: string[]): string {
  try {
    render([], set);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${set} was not refused`);
}

describe('the chart', function () {
  this.timeout(120_000);
  const rendered = new Map<string, Manifest[]>();

  before(function () {
    if (helmProgram() === undefined) {
      console.log('    skipped: needs Helm');
      this.skip();
    }
    rendered.set('defaults', render());
    rendered.set('everything', render([], everything));
    for (const name of values) rendered.set(name, render([name]));
  });

  /** Calls for each choice of values. */
  function each(check: (manifests: Manifest[], name: string) => void): void {
    for (const [name, manifests] of rendered) check(manifests, name);
  }

  it('renders with all ready-made values', () => {
    assert.deepEqual(values.sort(), ['ha', 'keda', 's3', 'small']);
    each((manifests, name) => {
      for (const component of ['catalog', 'scheduler', 'worker-pool', 'metadata-backup'])
        assert.ok(
          workloads(manifests).some(({ manifest }) => manifest.metadata.name === `hyperslab-${component}`),
          `${name}: ${component}`,
        );
      const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      assert.deepEqual(names.length, new Set(names).size, `${name}: an object is rendered twice`);
    });
  });

  it('keeps pods within the restricted standard', () => {
    each((manifests, name) => {
      for (const { manifest, pod } of workloads(manifests)) {
        const about = `${name}: ${manifest.metadata.name}`;
        assert.equal(pod.spec.securityContext.runAsNonRoot, true, about);
        assert.deepEqual(pod.spec.securityContext.seccompProfile, { type: 'RuntimeDefault' }, about);
        for (const container of pod.spec.containers)
          assert.deepEqual(
            container.securityContext,
            {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
            about,
          );
        const allowed = ['emptyDir', 'persistentVolumeClaim'];
        for (const { name: _, ...source } of pod.spec.volumes)
          assert.ok(allowed.includes(Object.keys(source)[0]), `${about}: ${JSON.stringify(source)}`);
        assert.equal(pod.spec.enableServiceLinks, false, about);
      }
    });
  });

  it('probes every service, and restarts none because of another one', () => {
    each((manifests, name) => {
      for (const { manifest, pod } of workloads(manifests)) {
        if (manifest.kind === 'Pod') continue;
        const [{ startupProbe, readinessProbe, livenessProbe, ports, resources }] = pod.spec.containers;
        const about = `${name}: ${manifest.metadata.name}`;
        if (ports[0].name === 'grpc') {
          const port = ports[0].containerPort;
          assert.deepEqual(readinessProbe.grpc, { port }, about);
          assert.deepEqual(livenessProbe.grpc, { port, service: 'liveness' }, about);
          assert.deepEqual(startupProbe.grpc, { port, service: 'liveness' }, about);
        } else {
          assert.equal(readinessProbe.httpGet.path, '/readyz', about);
          assert.equal(livenessProbe.httpGet.path, '/livez', about);
          assert.equal(startupProbe.httpGet.path, '/livez', about);
        }
        assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory, about);
        assert.equal(resources.limits.cpu, undefined, about);
      }
    });
  });

  it('gives pods more time to go than services take to drain', () => {
    each((manifests, name) => {
      for (const { manifest, pod } of workloads(manifests)) {
        if (manifest.kind === 'Pod') continue;
        const [{ env, lifecycle }] = pod.spec.containers;
        const drain = env.find((each: { name: string }) => each.name === 'HYPERSLAB_DRAIN_TIMEOUT').value;
        const sleep = lifecycle?.preStop.sleep.seconds ?? 0;
        assert.match(drain, /^\d+s$/);
        // A service ends itself two seconds after its time.
        const least = Number.parseInt(drain, 10) + sleep + 2;
        assert.ok(pod.spec.terminationGracePeriodSeconds > least, `${name}: ${manifest.metadata.name}`);
      }
    });
  });

  it('selects with every Service, budget and policy the pods of its component', () => {
    each((manifests, name) => {
      const pods = workloads(manifests).map(({ pod }) => pod.metadata.labels as Record<string, string>);
      const matching = (selector: Record<string, string>) =>
        pods.filter((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value));
      for (const { kind, metadata, spec } of manifests) {
        const selector = { Service: spec?.selector, NetworkPolicy: spec?.podSelector?.matchLabels }[kind];
        const matched = selector ?? spec?.selector?.matchLabels;
        if (matched === undefined || kind === 'ServiceMonitor') continue;
        const { 'hyperslab.io/role': role, ...rest } = matched;
        assert.equal(matching(rest).length, 1, `${name}: ${kind} ${metadata.name}`);
        assert.equal(
          role,
          metadata.name === 'hyperslab-scheduler' && kind === 'Service' ? 'leader' : undefined,
        );
      }
    });
  });

  it('leaves the number of workers to whoever scales them', () => {
    const replicas = (by: string) =>
      byComponent(render([], [`workerPool.autoscaling.by="${by}"`]), 'StatefulSet').get('worker-pool')?.spec
        .replicas;
    assert.deepEqual(
      [replicas('hyperslab'), replicas('keda'), replicas('nobody')],
      [undefined, undefined, 2],
    );
    const keda = rendered.get('keda')!;
    assert.equal(byComponent(keda, 'Deployment').has('autoscaler'), false);
    assert.equal(byComponent(keda, 'ScaledObject').get('worker-pool')?.spec.maxReplicaCount, 10);
  });

  it('has KEDA scale on what our own autoscaler scales on, and on figures of this release only', () => {
    const set = ['config={"workerSlots":6}', 'workerPool.memory="1000Mi"'];
    const triggers = (manifests: Manifest[]) =>
      byComponent(manifests, 'ScaledObject')
        .get('worker-pool')!
        .spec.triggers.map(({ metadata }: { metadata: { query: string; threshold: string } }) => metadata);
    const ours = 'namespace="hyperslab",service="hyperslab-scheduler"';
    const [work, busy, held] = triggers(render(['keda'], set));
    assert.equal(work.query, `sum(hyperslab_scheduler_queued_slot_seconds{${ours}})`);
    assert.equal(work.threshold, '180');
    assert.equal(busy.query, `sum(hyperslab_scheduler_running_tasks{${ours}})`);
    assert.equal(busy.threshold, '4.8');
    assert.equal(held.query, `sum(hyperslab_scheduler_held_bytes{${ours}})`);
    // The number of bytes for which the policy asks for one worker, and with one byte more for two.
    const wanted = (heldBytes: number) =>
      need(
        {
          queuedSlotSeconds: 0,
          tasksQueued: 0,
          tasksRunning: 0,
          heldBytes,
          workers: 1,
          draining: 0,
          size: undefined,
        },
        { slots: 6, memoryBytes: 1000 * 2 ** 20 },
        30_000,
        0,
      ).workers;
    assert.deepEqual([wanted(Number(held.threshold)), wanted(Number(held.threshold) + 1)], [1, 2]);
    const slots = settings.find(({ name }) => name === 'workerSlots')!.default;
    assert.equal(triggers(rendered.get('keda')!)[0].threshold, String(30 * Number(slots)));
  });

  it('links alerts to the runbook, wherever it is, and keeps meshes apart', () => {
    const rules = (...set: string[]) => {
      const manifests = render([], ['telemetry.prometheusRule.enabled=true', ...set]);
      return manifests.find(({ kind }) => kind === 'PrometheusRule')!.spec.groups[0].rules as {
        expr: string;
        annotations: { runbook_url: string };
      }[];
    };
    const url = 'https://git.example.org/hyperslab/docs/runbook.md';
    assert.equal(rules()[0].annotations.runbook_url, 'docs/runbook.md#hyperslabnotready');
    for (const { expr, annotations } of rules(`telemetry.prometheusRule.runbookUrl="${url}"`)) {
      assert.ok(annotations.runbook_url.startsWith(`${url}#hyperslab`), annotations.runbook_url);
      assert.doesNotMatch(expr, /\b(sum|max)\(/);
      for (const [, labels] of expr.matchAll(/\bby \(([^)]*)\)/g)) assert.match(labels, /namespace|instance/);
    }
  });

  it('never runs two schedulers side by side without a lease', () => {
    const scheduler = byComponent(render([], ['scheduler.lease.enabled=false']), 'Deployment').get(
      'scheduler',
    );
    assert.equal(scheduler?.spec.strategy.type, 'Recreate');
    assert.match(
      refusal('scheduler={"replicas":2,"lease":{"enabled":false}}'),
      /more than one needs scheduler\.lease/,
    );
    assert.equal(byComponent(rendered.get('ha')!, 'Deployment').get('scheduler')?.spec.replicas, 2);
  });

  it('grants what each service asks the Kubernetes API, and a token to no other', () => {
    const manifests = rendered.get('defaults')!;
    const rules = [...byComponent(manifests, 'Role')].map(([component, { rules = [] }]) => [
      component,
      rules.map(({ resources, resourceNames, verbs }) => `${resources} ${resourceNames ?? ''} ${verbs}`),
    ]);
    assert.deepEqual(Object.fromEntries(rules), {
      autoscaler: ['statefulsets/scale hyperslab-worker-pool get,patch'],
      dashboard: ['endpointslices  get,list,watch'],
      'opendap-gateway': ['endpointslices  get,list,watch'],
      scheduler: ['leases  create', 'leases hyperslab-scheduler get,update', 'pods  patch'],
    });
    const withToken = workloads(manifests)
      .filter(({ pod }) => pod.spec.automountServiceAccountToken !== false)
      .map(({ manifest }) => manifest.metadata.labels['app.kubernetes.io/component']);
    assert.deepEqual(withToken.sort(), rules.map(([component]) => component).sort());
    for (const account of byComponent(manifests, 'ServiceAccount').values())
      assert.equal(account.automountServiceAccountToken, false);
  });

  it('lets pods talk along the arrows of the architecture, in both policies of an arrow', () => {
    const policies = byComponent(rendered.get('defaults')!, 'NetworkPolicy');
    const component = (peer: { podSelector?: { matchLabels: Record<string, string> } }) =>
      peer.podSelector?.matchLabels['app.kubernetes.io/component'];
    const arrows = (direction: 'ingress' | 'egress', peers: 'from' | 'to') =>
      [...policies].flatMap(([own, { spec }]) =>
        spec[direction].flatMap((rule: Record<string, never[]>) =>
          (rule[peers] ?? [])
            .map(component)
            .filter((other: string | undefined) => other !== undefined)
            .map((other: string) => (direction === 'egress' ? `${own} → ${other}` : `${other} → ${own}`)),
        ),
      );
    const expected = [
      'autoscaler → scheduler',
      'catalog → metadata-backup',
      'dashboard → catalog',
      'dashboard → scheduler',
      'dashboard → worker-pool',
      'opendap-gateway → catalog',
      'opendap-gateway → worker-pool',
      'scheduler → catalog',
      'scheduler → metadata-backup',
      'scheduler → worker-pool',
      'worker-pool → catalog',
      'worker-pool → scheduler',
      'worker-pool → worker-pool',
    ];
    assert.deepEqual(arrows('egress', 'to').sort(), expected);
    assert.deepEqual(arrows('ingress', 'from').sort(), expected);
  });

  it('lets everybody read from the gateway, and only clients command the dashboard', () => {
    /** For each component whom it lets in to its HTTP port besides the mesh. */
    const letIn = (manifests: Manifest[]) =>
      Object.fromEntries(
        [...byComponent(manifests, 'NetworkPolicy')].map(([own, { spec }]) => [
          own,
          spec.ingress
            .filter(({ ports }: { ports: { port: number }[] }) => ports[0].port >= 8000)
            .map(({ from }: { from?: object[] }) => from ?? 'everybody'),
        ]),
      );
    const clients = [{ podSelector: { matchLabels: { 'hyperslab.io/client': 'true' } } }];
    const nobody = { catalog: [], scheduler: [], 'worker-pool': [], 'metadata-backup': [], autoscaler: [] };
    assert.deepEqual(letIn(rendered.get('defaults')!), {
      ...nobody,
      dashboard: [clients],
      'opendap-gateway': ['everybody'],
    });
    const named = letIn(render([], [`networkPolicy.web=${proxy}`]));
    assert.deepEqual(named.dashboard, [[...clients, ...JSON.parse(proxy)]]);
    assert.deepEqual(named['opendap-gateway'], [JSON.parse(proxy)]);
    // A rule without peers would let everybody in.
    assert.deepEqual(letIn(render([], ['networkPolicy.clients=[]'])).dashboard, []);
    assert.deepEqual(letIn(render([], [`networkPolicy.metrics=${monitoring}`])).scheduler, [
      JSON.parse(monitoring),
    ]);
  });

  it('sets only settings that there are, and accounts for all of them', () => {
    const set = new Set<string>();
    each((manifests) => {
      for (const { kind, data = {} } of manifests)
        if (kind === 'ConfigMap') for (const name of Object.keys(data)) set.add(name);
      for (const { pod } of workloads(manifests))
        for (const { name } of pod.spec.containers[0].env) set.add(name);
    });
    const known = new Set<string>(settings.map(({ variable }) => variable));
    const ours = [...set].filter((name) => name.startsWith('HYPERSLAB_'));
    assert.deepEqual(
      ours.filter((name) => !known.has(name)),
      [],
    );
    const named = new Map(settings.map(({ variable, name }) => [variable as string, name as string]));
    assert.deepEqual(
      ours.filter((name) => !chartDecides.has(named.get(name)!)),
      [],
    );
  });

  it('passes settings on as they are written in values', () => {
    const manifests = render(
      [],
      ['config={"resultTtl":"30m","journalCompactEvents":1000000,"logLevel":"debug"}'],
    );
    const data = manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    assert.deepEqual(
      [data.HYPERSLAB_RESULT_TTL, data.HYPERSLAB_JOURNAL_COMPACT_EVENTS, data.HYPERSLAB_LOG_LEVEL],
      ['30m', '1000000', 'debug'],
    );
    assert.equal(data.HYPERSLAB_CATALOG, 'hyperslab-catalog:7401');
    const full = rendered.get('everything')!.find(({ kind }) => kind === 'ConfigMap');
    const hosts = full?.data?.HYPERSLAB_ALLOWED_HOSTS.split(',') ?? [];
    for (const host of [
      'hyperslab-dashboard',
      'hyperslab-opendap-gateway.hyperslab.svc',
      'data.example.org',
      'mesh.example.org',
    ])
      assert.ok(hosts.includes(host), host);
  });

  it('replaces the pods when a setting changes, and only then', () => {
    const checksum = (...set: string[]) =>
      workloads(render([], set))[0].pod.metadata.annotations['checksum/config'] as string;
    assert.equal(checksum(), checksum());
    assert.notEqual(checksum(), checksum('config={"logLevel":"debug"}'));
  });

  it('has a default for whatever its schema describes', () => {
    const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'));
    const defaults: Record<string, object> = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'));
    const described = Object.entries<{ properties?: object }>(schema.properties);
    for (const [part, { properties = {} }] of described) {
      if (part === 'global' || part === 'config') continue;
      assert.ok(part in defaults, part);
      for (const key of Object.keys(properties)) assert.ok(key in defaults[part], `${part}.${key}`);
    }
  });

  it('refuses wrong values and says which and why', () => {
    assert.match(refusal('config={"resultTTL":"1m"}'), /config.*'resultTTL' not allowed/);
    assert.match(refusal('config={"resultTtl":"ten minutes"}'), /config\/resultTtl.*'ten minutes'/);
    assert.match(refusal('config={"catalogPort":7000}'), /'catalogPort' not allowed/);
    assert.match(refusal('config={"workerSlots":0}'), /config\/workerSlots/);
    assert.match(refusal('workerPool.memory="2G"'), /workerPool\/memory.*'2G'/);
    assert.match(refusal('workerPool.memory="128Mi"'), /expected at least 384Mi/);
    assert.match(refusal('workerPool.autoscaling={"min":5,"max":3}'), /min is 5 and max is 3/);
    assert.match(refusal('catalog.replicas=2'), /catalog.*'replicas' not allowed/);
    assert.match(refusal('objects.url="s3://a/b"', 'metadataBackup.store="s3://a/b"'), /another bucket/);
    assert.match(
      refusal('dashboard.ingress.enabled=true', `networkPolicy.web=${proxy}`),
      /dashboard\.ingress\.host/,
    );
    assert.match(
      refusal('dashboard.ingress={"enabled":true,"host":"a.example"}'),
      /networkPolicy\.web: .*proxy/,
    );
    assert.match(refusal('telemetry.serviceMonitor.enabled=true'), /networkPolicy\.metrics: .*Prometheus/);
  });
});
