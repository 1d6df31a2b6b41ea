import assert from 'node:assert/strict';
import { type EndpointSlice, mergeSlices } from '../src/endpoints/endpoint-slice.ts';

type Pod = [ip: string, ready?: boolean, name?: string];

function slice(name: string, pods: Pod[], rest: Partial<EndpointSlice> = {}): EndpointSlice {
  return {
    metadata: { name },
    addressType: 'IPv4',
    ports: [
      { name: 'http', port: 8403 },
      { name: 'grpc', port: 7403 },
    ],
    endpoints: pods.map(([ip, ready, pod]) => ({
      addresses: [ip],
      conditions: { ready },
      ...(pod === undefined ? {} : { targetRef: { kind: 'Pod', name: pod } }),
    })),
    ...rest,
  };
}

describe('slices of a Service', () => {
  it('say together which pods there are, in order', () => {
    const slices = [slice('b', [['10.0.0.9', true, 'w-1']]), slice('a', [['10.0.0.10', false, 'w-0']])];
    const expected = [
      { address: '10.0.0.10:7403', port: 7403, pod: 'w-0', ready: false },
      { address: '10.0.0.9:7403', port: 7403, pod: 'w-1', ready: true },
    ];
    assert.deepEqual(mergeSlices(slices, 'grpc'), expected);
    assert.deepEqual(mergeSlices(slices, 7403), expected);
  });

  it('count a pod once while it moves between them, as ready if either says so', () => {
    const both = (one?: boolean, other?: boolean) =>
      mergeSlices([slice('a', [['10.0.0.1', one]]), slice('b', [['10.0.0.1', other]])], 'grpc').map(
        ({ ready }) => ready,
      );
    assert.deepEqual(both(true, false), [true]);
    assert.deepEqual(both(false, true), [true]);
    assert.deepEqual(both(false, false), [false]);
    // The API: what is not known counts as ready.
    assert.deepEqual(both(undefined, false), [true]);
  });

  it('are passed over without the port, and where addresses are names', () => {
    const slices = [
      slice('a', [['10.0.0.1']], { ports: [{ name: 'http', port: 80 }] }),
      slice('b', [['example.org']], { addressType: 'FQDN' }),
      slice('c', [], { endpoints: null, ports: null }),
    ];
    assert.deepEqual(mergeSlices(slices, 'grpc'), []);
  });

  it('have IPv6 addresses in brackets', () => {
    const [found] = mergeSlices([slice('a', [['fd00::1']], { addressType: 'IPv6' })], 'grpc');
    assert.equal(found.address, '[fd00::1]:7403');
  });
});
