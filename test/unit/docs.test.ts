import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

const documents = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** Links of a document that lead into the repository, with their anchors. */
function linksIn(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

/** Anchors as code hosts make them from headings. */
function anchorsIn(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(document: string, text: string): string[] {
  return linksIn(text).filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? join(root, document) : join(root, dirname(document), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchorsIn(readFileSync(target, 'utf8')).includes(anchor);
  });
}

test.each(documents)('%s links to what exists', (document) => {
  const broken = brokenLinks(document, readFileSync(join(root, document), 'utf8'));
  expect(broken, `${document} names what is not there. Correct the link, or the name of the file.`).toEqual([]);
});

test('a link to nothing is caught', () => {
  const text = '[a](docs/nothing.md) [b](README.md#no-such-heading) [c](#gone) [d](https://example.com) `[e](f.md)`';
  expect(brokenLinks('README.md', text)).toEqual(['docs/nothing.md', 'README.md#no-such-heading', '#gone']);
});

/** Homes, temporary checkouts: what only one machine has. */
const machinePath = /(^|[\s"'(`])\/(home|root|Users|work|farm|mnt|opt)\/[\w.-]+/m;

test('no document names a path of one machine', () => {
  expect(documents.filter((document) => machinePath.test(readFileSync(join(root, document), 'utf8')))).toEqual([]);
  expect(machinePath.test('run `/home/ada/forge`')).toBe(true);
});

/** Folders of the source that the code map of ARCHITECTURE.md leaves out, or names though they are gone. */
test('the code map names every folder of the source', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const named = [...text.matchAll(/^\| `src\/([\w-]+)\/`/gm)].map((match) => match[1]);
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(named.toSorted()).toEqual(folders.map((entry) => entry.name).toSorted());
});

/** Files that the prose names as `src/…` or `test/…`. */
test.each(documents)('%s names files that exist', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const paths = [...text.matchAll(/`((?:src|test|scripts|bench|docs|bin)\/[\w./-]+)`/g)].map((match) => match[1] ?? '');
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
