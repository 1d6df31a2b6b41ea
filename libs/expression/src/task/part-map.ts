import type { Box } from './box.ts';

/** A part of a node. */
export interface Leaf {
  node: number;
  box: Box;
}

/** What is known of parts of nodes. There are few parts of each node, mostly one: comparing them takes less than a key of each. */
export class PartMap<T> {
  readonly #byNode = new Map<number, { box: Box; value: T }[]>();

  get({ node, box }: Leaf): T | undefined {
    const parts = this.#byNode.get(node);
    if (parts !== undefined) for (const part of parts) if (isSameBox(part.box, box)) return part.value;
    return undefined;
  }

  /** Takes note of a part that is not known yet. */
  add({ node, box }: Leaf, value: T): void {
    const parts = this.#byNode.get(node);
    if (parts === undefined) this.#byNode.set(node, [{ box, value }]);
    else parts.push({ box, value });
  }
}

function isSameBox(a: Box, b: Box): boolean {
  if (a === b) return true;
  if (a.shape.length !== b.shape.length) return false;
  for (let axis = 0; axis < a.shape.length; axis++)
    if (a.origin[axis] !== b.origin[axis] || a.shape[axis] !== b.shape[axis]) return false;
  return true;
}
