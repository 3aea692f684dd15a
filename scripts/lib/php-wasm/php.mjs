// node php.mjs VERSION ARGUMENT…: PHP's command line, compiled to WebAssembly, on the files of this machine.
// The packages are looked for in the folder NODE_MODULES.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.env.NODE_MODULES}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { loadNodeRuntime, useHostFilesystem } = await load('@php-wasm/node');
const { PHP } = await load('@php-wasm/universal');

const [version, ...args] = process.argv.slice(2);
const php = new PHP(await loadNodeRuntime(version, { emscriptenOptions: { processId: 1, ENV: process.env } }));
useHostFilesystem(php);

const run = await php.cli(['php', ...args]);
const pass = (from, to) => from.pipeTo(new WritableStream({ write: (bytes) => void to.write(bytes) }));
const [status] = await Promise.all([run.exitCode, pass(run.stdout, process.stdout), pass(run.stderr, process.stderr)]);

// PHP's own timers would keep Node running, so it is ended when all is written.
await Promise.all([process.stdout, process.stderr].map((to) => new Promise((done) => to.write('', done))));
process.exit(status);
