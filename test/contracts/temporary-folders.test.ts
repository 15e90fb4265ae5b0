import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder as forgeFolder, removeLeftFolders } from '../../src/git/temporary-folders.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test("what a killed process left goes after a day; what is in use, young or somebody else's stays", () => {
  vi.stubEnv('TMPDIR', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  const now = Date.now();
  /** More than any system gives. */
  const nobody = 99_999_999;
  const old = (name: string) => {
    const path = join(tmpdir(), name);
    mkdirSync(path, { recursive: true });
    utimesSync(path, now / 1000 - 90_000, now / 1000 - 90_000);
    return path;
  };
  const left = [`forge-index-${nobody}-aB3dEf`, `forge-scratch-${nobody}-aB3dEf`, `forge-trial-${nobody}-aB3dEf`].map(
    old,
  );
  const stay = [
    ...[
      old(forgeFolder('index').slice(tmpdir().length + 1)),
      old(`forge-test-${nobody}-aB3dEf`),
      old('forge-index-aB3dEf'),
    ],
  ];
  const young = join(tmpdir(), `forge-index-${nobody}-youngg`);
  mkdirSync(young);
  removeLeftFolders(now);
  expect(left.filter(existsSync)).toEqual([]);
  expect([...stay, young].filter((path) => !existsSync(path))).toEqual([]);
});
