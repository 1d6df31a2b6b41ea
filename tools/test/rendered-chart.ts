import { parseAllDocuments } from 'yaml';
import { helmTemplate } from '../kubernetes/helm.ts';

/** An object of Kubernetes, as it is rendered. */
export interface Manifest {
  kind: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of its kind
  spec: any;
  data?: Record<string, string>;
  rules?: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[];
  automountServiceAccountToken?: boolean;
}

/** Renders the chart with files of charts/hyperslab/values and values as `--set` takes them. */
export function render(files: readonly string[] = [], set: readonly string[] = []): Manifest[] {
  const args = [
    ...files.flatMap((name) => ['--values', `charts/hyperslab/values/${name}.yaml`]),
    ...set.flatMap((value) => ['--set-json', value]),
  ];
  return parseAllDocuments(helmTemplate(args)).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

/** The component that an object belongs to. */
function componentOf({ metadata }: Manifest): string {
  return metadata.labels['app.kubernetes.io/component'];
}

/** Controllers of pods, and the pod of the test. */
export function workloads(manifests: readonly Manifest[]): { manifest: Manifest; pod: Manifest['spec'] }[] {
  return manifests
    .filter(({ kind }) => ['StatefulSet', 'Deployment', 'Pod'].includes(kind))
    .map((manifest) => ({
      manifest,
      pod: manifest.kind === 'Pod' ? manifest : manifest.spec.template,
    }));
}

/** What is rendered of a kind, by component. */
export function byComponent(manifests: readonly Manifest[], kind: string): Map<string, Manifest> {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  return new Map(found.map((manifest) => [componentOf(manifest), manifest]));
}
