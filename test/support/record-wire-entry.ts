import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

// Stands in the place of an agent's program and writes down, a line an entry, what goes to it and what comes from it. WIRE_KILL
// is a pattern of an output line after which the program is killed. `at`: ms since the program's start.
const { WIRE_FILE = '', WIRE_KILL = '', WIRE_ROOT = '/', ...env } = process.env;
const [program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { env });
const put = (entry: object) => {
  const at = Math.round(performance.now());
  appendFileSync(WIRE_FILE, `${JSON.stringify({ at, ...entry }).replaceAll(WIRE_ROOT, '/project')}\n`);
};

put({ start: args });

function lines(take: (line: string) => void) {
  let rest = '';
  return (chunk: string) => {
    const all = (rest + chunk).split('\n');
    rest = all.pop() ?? '';
    for (const line of all) take(line);
  };
}

let asked = '';
const readInput = lines((line) => put({ in: line }));
process.stdin.setEncoding('utf8').on('data', (chunk: string) => {
  // A prompt as a whole has no line end; a message has one.
  if (chunk.startsWith('{')) readInput(chunk);
  else asked += chunk;
  child.stdin.write(chunk);
});
process.stdin.on('end', () => {
  if (asked !== '') put({ prompt: asked });
  child.stdin.end();
});
const readOutput = lines((line) => {
  put({ out: line });
  if (WIRE_KILL !== '' && new RegExp(WIRE_KILL).test(line)) child.kill('SIGKILL');
});
child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
  process.stdout.write(chunk);
  readOutput(chunk);
});
const readError = lines((line) => put({ err: line }));
child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
  process.stderr.write(chunk);
  readError(chunk);
});
process.on('SIGTERM', () => put({ told: 'SIGTERM' }));
child.on('close', (code, signal) => {
  put({ exit: code, signal });
  if (signal === null) process.exit(code ?? 0);
  process.removeAllListeners('SIGTERM');
  process.kill(process.pid, signal);
});
