import { isGroup, readGroupLinks } from './group-links.ts';
import type { MetadataFile } from './metadata-file.ts';
import { readObjectHeader } from './object-header.ts';

// Soft links may lead to soft links; this many steps in all are no honest file's.
const mostSteps = 256;

/**
 * Address of the object that a soft link's path names, from the root or from the group of the link; nothing when there
 * is none in this file or the links lead round in a circle.
 */
export async function resolveSoftLink(
  file: MetadataFile,
  groupAddress: number,
  path: string,
): Promise<number | undefined> {
  let address = path.startsWith('/') ? file.rootAddress : groupAddress;
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  for (let steps = 0; names.length > 0; steps++) {
    if (steps === mostSteps || names.length > mostSteps) return undefined;
    const name = names.shift();
    const header = await readObjectHeader(file, address);
    if (!isGroup(header)) return undefined;
    const link = (await readGroupLinks(file, header)).find((candidate) => candidate.name === name);
    if (link?.kind === 'hard') address = link.address;
    else if (link?.kind === 'soft') {
      if (link.path.startsWith('/')) address = file.rootAddress;
      names.unshift(...link.path.split('/').filter((part) => part !== '' && part !== '.'));
    } else return undefined;
  }
  return address;
}
