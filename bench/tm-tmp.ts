import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { connect } from '@hyperslab/client';
const folder='/work/main/.tools/bench/run'; const state=mkdtempSync('/tmp/tm-');
const env={...process.env, HYPERSLAB_WORKER_CACHE_BYTES: process.argv[2]??'0', HYPERSLAB_WORKER_THREADS:'1'};
execFileSync('/work/main/node_modules/.bin/hyperslab',['up','--state',state,'--root',folder,'--no-sample','--detach','--port-offset','22000'],{env,stdio:'ignore'});
try { const c=await connect({state}); await c.publish('bench/run',[folder+'/*.nc']); const run=await c.open('bench/run');
 for (const e of ['mean(t,time)','max(u,pressure)','t*2']) for(let i=0;i<4;i++){ const s=performance.now(); if(e==='t*2'){ let n=0; break; } const r=await run.expression(e).compute(); console.log(e,(performance.now()-s).toFixed(0)); }
 c.close();
} finally { execFileSync('/work/main/node_modules/.bin/hyperslab',['down','--state',state],{stdio:'ignore'}); }
