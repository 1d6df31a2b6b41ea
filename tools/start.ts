/** `npm start`: runs the mesh on this machine with the defaults, as `hyperslab up` does, until Ctrl-C. */
process.argv.splice(2, 0, 'up');
await import('./cli/src/main.ts');
