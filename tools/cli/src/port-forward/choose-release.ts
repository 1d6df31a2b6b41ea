import { HyperslabError } from '@hyperslab/errors';
import type { Service } from '@hyperslab/kubernetes';

/** Labels by which the chart marks its Services. */
export const labels = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  component: 'app.kubernetes.io/component',
} as const;

/**
 * The Services of one release, by component.
 * @param release undefined for the only one
 * @throws HyperslabError KUBERNETES_NOT_FOUND, INVALID_ARGUMENT when one has to be named
 */
export function chooseRelease(
  services: readonly Service[],
  namespace: string,
  release: string | undefined,
): Map<string, Service> {
  const releases = [...new Set(services.map(({ metadata }) => metadata.labels?.[labels.instance] ?? ''))];
  const there = releases.sort().join(', ');
  if (releases.length === 0 || (release !== undefined && !releases.includes(release))) {
    const what = release === undefined ? 'no release of hyperslab' : `no release "${release}"`;
    const hint = there === '' ? 'name its namespace with --namespace' : `there are ${there}`;
    throw new HyperslabError('KUBERNETES_NOT_FOUND', `namespace ${namespace}: ${what}; ${hint}`, {
      namespace,
    });
  }
  if (release === undefined && releases.length > 1) {
    const message = `namespace ${namespace}: it has the releases ${there}; name one with --release`;
    throw new HyperslabError('INVALID_ARGUMENT', message, { namespace });
  }
  const meant = services.filter(
    ({ metadata }) => metadata.labels?.[labels.instance] === (release ?? releases[0]),
  );
  return new Map(meant.map((service) => [service.metadata.labels?.[labels.component] ?? '', service]));
}
