const steps = 8;

/**
 * An expression over all of a parameter that takes long for each value: a sum of so many terms, each a stage of its own.
 * Every seed gives another, so that no result is there already.
 */
export function heavyExpression(parameter: string, { terms, seed }: { terms: number; seed: number }): string {
  const term = (i: number) => {
    let values = `${parameter} * ${1 + seed / 1000 + i / 100_000} / 300`;
    for (let step = 0; step < steps; step++) values = `sin(exp(${values}))`;
    return `mean(${values}, time)`;
  };
  return Array.from({ length: terms }, (_, i) => term(i)).join(' + ');
}
