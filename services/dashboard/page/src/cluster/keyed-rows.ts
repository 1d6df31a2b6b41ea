/** A row of a table that stays the same element while what it shows changes: focus and selection stay. */
export interface Row<T> {
  root: HTMLElement;
  update(item: T): void;
}

/** Keeps the rows of a body equal to a list, in its order. */
export function keyedRows<T extends { id: string }>(
  body: HTMLElement,
  make: (item: T) => Row<T>,
): (items: readonly T[]) => void {
  const rows = new Map<string, Row<T>>();
  return (items) => {
    const ids = new Set(items.map(({ id }) => id));
    for (const [id, row] of rows) {
      if (ids.has(id)) continue;
      row.root.remove();
      rows.delete(id);
    }
    for (const [i, item] of items.entries()) {
      let row = rows.get(item.id);
      if (row === undefined) {
        row = make(item);
        rows.set(item.id, row);
      }
      row.update(item);
      if (body.children[i] !== row.root) body.insertBefore(row.root, body.children[i] ?? null);
    }
  };
}
