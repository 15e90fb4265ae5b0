import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * A code host for tests, as a program of `codeHost.command`: pull requests are rows of a JSON file, what it was asked is in a
 * second one. `node code-host-entry.ts FILE find|open`
 */
const [file = '', verb = ''] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(0, 'utf8'));
appendFileSync(`${file}.asked`, `${JSON.stringify({ verb, ...asked })}\n`);
const all: { branch: string; url: string; state: string }[] = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : [];
if (verb === 'open') {
  const made = { ...asked, url: `https://host.example/pull/${all.length + 1}`, state: 'open' };
  writeFileSync(file, JSON.stringify([...all, made]));
  process.stdout.write(JSON.stringify(made));
} else {
  process.stdout.write(JSON.stringify(all.findLast(({ branch }) => branch === asked.branch) ?? null));
}
