import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { splitFiles } from '../../src/agents/headless/split-files.ts';
import { nameFile } from '../../src/agents/name-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function folderWithPictures(): { folder: string; shot: string; other: string } {
  const folder = temporaryFolder();
  const [shot, other] = [join(folder, 'my "new" shot\\1.png'), join(folder, 'other.JPG')];
  for (const file of [shot, other]) writeFileSync(file, '');
  mkdirSync(join(folder, 'folder.png'));
  return { folder, shot, other };
}

test('pictures that are there go along, whatever their names hold, and the words are the rest', () => {
  const { shot, other } = folderWithPictures();
  expect(splitFiles(`${nameFile(shot)} ${nameFile(other)} What is /tmp/x.png?`)).toEqual({
    files: [shot, other],
    words: 'What is /tmp/x.png?',
  });
});

test.each([
  ['one is missing', 'SHOT FOLDER/no.png What is in them?'],
  ['one is a folder', 'SHOT FOLDER/folder.png What is in them?'],
  ['they come later', 'Look at SHOT now'],
  ['it is no picture', '/etc/passwd is what?'],
  ['there are no words', 'SHOT'],
])('all is words: %s', (_, pattern) => {
  const { folder, shot } = folderWithPictures();
  const prompt = pattern.replace('SHOT', nameFile(shot)).replace('FOLDER', folder);
  expect(splitFiles(prompt)).toEqual({ files: [], words: prompt });
});
