import { visitBTreeV2 } from './btree-v2.ts';
import { mapConcurrently } from './concurrent.ts';
import { readHeapObject } from './fractal-heap.ts';
import { type Link, parseLink } from './link.ts';
import type { MetadataFile } from './metadata-file.ts';
import { messageTypes, type ObjectHeader } from './object-header.ts';
import { findMessage, messageBody } from './shared-message.ts';
import { readSymbolTable } from './symbol-table.ts';

const objectsAtOnce = 256;
const recordTypeLinkName = 5;

/** Whether an object is a group: it has a symbol table or says how its links are stored. */
export function isGroup(header: ObjectHeader): boolean {
  const groupTypes: number[] = [messageTypes.symbolTable, messageTypes.linkInfo, messageTypes.groupInfo];
  return header.messages.some(({ type }) => groupTypes.includes(type));
}

/**
 * Links of a group in the order in which they were made where the group tracks it, else by name, as netCDF lists them.
 * A group stores them in a symbol table, in link messages, or in a fractal heap with a B-tree.
 */
export function readGroupLinks(file: MetadataFile, header: ObjectHeader): Promise<Link[]> {
  return file.once(`links ${header.address}`, async () => {
    const symbolTable = await findMessage(file, header, messageTypes.symbolTable);
    if (symbolTable !== undefined) return byName(await readSymbolTable(file, symbolTable));
    const messages = header.messages.filter(({ type }) => type === messageTypes.link);
    const links = await Promise.all(messages.map(async (m) => parseLink(await messageBody(file, m))));
    const tracked = await readDenseLinks(file, header, links);
    return tracked ? byCreation(links) : byName(links);
  });
}

/** Adds links from the group's heap. True when the group tracks the order of creation. */
async function readDenseLinks(file: MetadataFile, header: ObjectHeader, links: Link[]): Promise<boolean> {
  const info = await findMessage(file, header, messageTypes.linkInfo);
  if (info === undefined) return false;
  info.version('link info message', 0);
  const flags = info.uint8();
  if ((flags & 1) !== 0) info.skip(8);
  const heap = info.address();
  const names = info.address();
  if (heap !== undefined && names !== undefined) {
    const ids: Uint8Array[] = [];
    await visitBTreeV2(file, names, [recordTypeLinkName], (record) => {
      record.skip(4);
      ids.push(record.bytes(record.remaining));
    });
    links.push(
      ...(await mapConcurrently(ids, objectsAtOnce, async (id) =>
        parseLink(await readHeapObject(file, heap, id)),
      )),
    );
  }
  return (flags & 1) !== 0;
}

function byName(links: Link[]): Link[] {
  // By code point, as strcmp orders UTF-8.
  return links
    .map((link) => ({ link, key: Buffer.from(link.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ link }) => link);
}

function byCreation(links: Link[]): Link[] {
  return links.sort((a, b) => (a.creationOrder ?? 0) - (b.creationOrder ?? 0));
}
