import { isIPv4 } from 'node:net';

/** Whether an address is reachable from this machine only: 127.0.0.0/8 (RFC 1122), ::1 or localhost (RFC 6761). */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
