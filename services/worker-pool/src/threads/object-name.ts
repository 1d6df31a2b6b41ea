/**
 * What traces call an object: scheme, host and path. Neither a user and password nor a query go into it, where
 * signatures are.
 */
export function objectName(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
