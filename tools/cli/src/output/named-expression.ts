/** An expression, and a name for its result where one stands before it: "wind = sqrt(u^2 + v^2)". No expression begins so. */
export function namedExpression(text: string): { name: string | undefined; expression: string } {
  const [, name, expression] = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=(?!=)\s*(.+)$/s.exec(text) ?? [];
  return name === undefined ? { name: undefined, expression: text } : { name, expression };
}
