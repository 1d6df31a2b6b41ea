type Loop = (...parameters: never[]) => unknown;

/**
 * A fresh copy of a loop, for one combination of data types, with its first parameter bound to `operation` if given.
 *
 * V8 keeps what it learns about the types of an access with the function's text: a loop that has met five kinds of
 * typed arrays is compiled for none of them and runs ten times slower. So each combination gets a function of its own,
 * made again from the text of the first. Loops and operations must therefore name nothing but their parameters and
 * the language's globals. Only functions of this package come here, never text from outside.
 */
export function specialise<F extends Loop>(loop: F, operation?: Loop): (...parameters: never[]) => unknown {
  if (operation === undefined) return new Function(`'use strict'; return ${loop};`)();
  return new Function(
    `'use strict'; const loop = ${loop}; const operation = ${operation}; return (...rest) => loop(operation, ...rest);`,
  )();
}

/** Remembers what `make` answered for each key. Keys are few: names of operations and data types. */
export function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}
