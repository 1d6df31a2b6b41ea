import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// V8 compiles a function when it is first called. The first call of a process runs through some hundred of grpc-js and of
// Node's HTTP/2, one by one, which takes as long as all else of it together (bench/new-session.ts). Compiled as they are loaded, all
// at once, they cost a fraction of that. Whoever imports this first must do so before grpc-js is loaded.
setFlagsFromString('--no-lazy');
try {
  createRequire(import.meta.url)('@grpc/grpc-js');
} finally {
  setFlagsFromString('--lazy');
}
