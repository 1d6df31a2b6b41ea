import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { outsideRoots } from '../outside-roots.ts';

// Addresses of the own link (RFC 3927, RFC 4291), where clouds tell a machine its credentials, and those elsewhere that do: Amazon's and
// Google's of IPv6, Alibaba's, Azure's.
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addAddress('fd00:ec2::254', 'ipv6');
linkLocal.addAddress('fd20:ce::254', 'ipv6');
linkLocal.addAddress('100.100.100.200', 'ipv4');
linkLocal.addAddress('168.63.129.16', 'ipv4');

/** Whether a host of a URL is an address of the own link or such another, in whatever notation; names are no addresses. */
export function isLinkLocal(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  return family !== 0 && linkLocal.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Finds the addresses of a host, and refuses a name that leads to the own link: OUTSIDE_ROOTS, whatever the roots are. */
export function lookupElsewhere(resolve: Resolve = lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) callback(error, '');
      else if (addresses.some(({ address }) => isLinkLocal(address))) callback(outsideRoots(host), '');
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });
  };
}
