import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareRun } from '../../src/app/history/compare-run.ts';
import { exportLines, parseRunExport } from '../../src/app/history/run-export.ts';
import { readableMachineVersions, runMachine, runMachineVersion } from '../../src/machines/run-machine.ts';
import * as machine from '../../src/machines/run-step.ts';
import { exportedRun } from '../support/run-corpus.ts';
import { runStories } from '../support/run-stories.ts';

const folder = resolve(import.meta.dirname, '../fixtures/run-corpus');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
const states = Object.keys(runMachine.config.states ?? {});
const read = (file: string) => parseRunExport(readFileSync(join(folder, file), 'utf8'));

/** An earlier version ended there; this one asks a person. */
const judgedOtherwise = new Set(['machine-1/failed-lost.jsonl']);

describe.each(files)('what an earlier version left, %s', (file) => {
  const exported = read(file);

  test('is read as it stood', () => {
    const { status, reason } = machine.restoreRun(exported.snapshot);
    expect({ status, reason }).toEqual({ status: exported.run.status, reason: exported.run.reason });
  });

  test.skipIf(judgedOtherwise.has(file))('comes of its events again', () => {
    expect(compareRun(exported.run, exported.snapshot, exported.events).differences).toEqual([]);
  });
});

test('what this version judges otherwise is named, event by event', () => {
  const { run, snapshot, events } = read('machine-1/failed-lost.jsonl');
  expect(compareRun(run, snapshot, events).differences[0]).toBe('event 5 (session.lost): it was failed, now paused');
});

test('every readable version, and every state of this one, is there; if not: node scripts/add-run-corpus.ts', () => {
  const versions = readableMachineVersions.map((version) => `machine-${version}`);
  expect(readdirSync(folder).sort()).toEqual(versions);
  const present = readdirSync(join(folder, `machine-${runMachineVersion}`)).map((name) => name.replace('.jsonl', ''));
  expect(present.sort()).toEqual(states.toSorted());
});

describe.each(states)('the state %s', (state) => {
  const story = runStories.find(({ ends }) => ends === state);

  test('is reached, and is the same after a restart', () => {
    if (!story) throw new Error(`No story of test/support/run-stories.ts ends in ${state}.`);
    const { run, snapshot } = exportedRun(story, machine);
    expect(run.status).toBe(state);
    expect(machine.restoreRun(JSON.parse(JSON.stringify(snapshot)))).toEqual(machine.restoreRun(snapshot));
  });

  test('comes of its events, through a file in either form', () => {
    if (!story) throw new Error(`No story of test/support/run-stories.ts ends in ${state}.`);
    const exported = exportedRun(story, machine);
    for (const text of [exportLines(exported).join('\n'), JSON.stringify(exported, null, 2)]) {
      const { run, snapshot, events } = parseRunExport(text);
      expect(compareRun(run, snapshot, events).differences).toEqual([]);
    }
  });
});

test.each([
  ['nothing', ''],
  ['another file', '{"a":1}'],
  ['a list of tasks', '{"id":"fg-a3f8"}\n{"id":"fg-b2c4"}'],
  ['a newer form', '{"forge":"run","version":2}'],
])('%s is no exported run, and it says so', (_name, text) => {
  expect(() => parseRunExport(text)).toThrow('That is no exported run');
});
