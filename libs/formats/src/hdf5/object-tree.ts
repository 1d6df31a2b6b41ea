import type { StoredAttribute } from './attribute-message.ts';
import { readAttributes } from './attributes.ts';
import { mapConcurrently } from './concurrent.ts';
import { type Dataset, isDataset, readDataset } from './dataset.ts';
import { isGroup, readGroupLinks } from './group-links.ts';
import type { Link } from './link.ts';
import { resolveSoftLink } from './link-path.ts';
import type { MetadataFile } from './metadata-file.ts';
import { readObjectHeader } from './object-header.ts';

/** A group with all that is in it. */
export interface ObjectTree {
  name: string;
  /** Absolute: "" for the root, "/forecast". */
  path: string;
  attributes: StoredAttribute[];
  datasets: Dataset[];
  groups: ObjectTree[];
}

const objectsAtOnce = 256;
const deepestGroup = 64;

interface Walk {
  file: MetadataFile;
  /** Groups by address: each is listed once, at the first place where it was met, so that cycles of links end. */
  seen: Set<number>;
}

type Child = { dataset: Dataset } | { group: ObjectTree } | undefined;

/** All groups and datasets of a file from its root group. What is left out (external links, …) is noted. */
export function readObjectTree(file: MetadataFile): Promise<ObjectTree> {
  const walk = { file, seen: new Set([file.rootAddress]) };
  return readGroup(walk, file.rootAddress, { name: '', path: '' }, 0);
}

async function readGroup(
  walk: Walk,
  address: number,
  names: { name: string; path: string },
  depth: number,
): Promise<ObjectTree> {
  const { file } = walk;
  if (depth > deepestGroup)
    throw file.corrupt(address, `groups nested at most ${deepestGroup} deep`, 'deeper ones');
  const header = await readObjectHeader(file, address);
  const [attributes, links] = await Promise.all([readAttributes(file, header), readGroupLinks(file, header)]);
  const children = await mapConcurrently(links, objectsAtOnce, (link) =>
    readChild(walk, address, link, names.path, depth),
  );
  return {
    ...names,
    attributes,
    datasets: children.flatMap((child) => (child !== undefined && 'dataset' in child ? [child.dataset] : [])),
    groups: children.flatMap((child) => (child !== undefined && 'group' in child ? [child.group] : [])),
  };
}

async function readChild(
  walk: Walk,
  group: number,
  link: Link,
  parentPath: string,
  depth: number,
): Promise<Child> {
  const { file } = walk;
  const names = { name: link.name, path: `${parentPath}/${link.name}` };
  const leaveOut = (why: string) => {
    file.notes.push(`${names.path} was left out: ${why}`);
    return undefined;
  };
  if (link.kind === 'external') return leaveOut(`it is a link to ${link.path} in another file, ${link.file}`);
  if (link.kind === 'user-defined') return leaveOut(`it is a link of the user-defined type ${link.type}`);
  const address = link.kind === 'hard' ? link.address : await resolveSoftLink(file, group, link.path);
  if (address === undefined)
    return leaveOut(`it is a link to ${(link as { path: string }).path}, which is not there`);
  const header = await readObjectHeader(file, address);
  if (isGroup(header)) {
    if (walk.seen.has(address)) return leaveOut('it is another name of a group that is listed elsewhere');
    walk.seen.add(address);
    return { group: await readGroup(walk, address, names, depth + 1) };
  }
  if (!isDataset(header)) return undefined;
  return { dataset: await readDataset(file, header, names, await readAttributes(file, header)) };
}
