import type { Dataset } from '@hyperslab/proto/cube';

/** Where the Markdown of a version goes: "NAME/3.md"; undefined for a name that would leave the folder. */
export function documentPath({ name, version }: Dataset): string | undefined {
  const valid = name.split('/').every((segment) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(segment));
  return valid ? `${name}/${version}.md` : undefined;
}
