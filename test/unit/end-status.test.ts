import { expect, test } from 'vitest';
import { isCutOff } from '../../src/domain/end-status.ts';
import type { SessionFacts } from '../../src/domain/session.ts';

type End = Pick<SessionFacts, 'exitCode' | 'signal' | 'isEndAsked'>;

const ends: { says: string; end: End; hasBegun: boolean; isCut: boolean }[] = [
  { says: 'killed before its first prompt', end: { exitCode: null, signal: 9 }, hasBegun: false, isCut: true },
  { says: 'a signal that it caught', end: { exitCode: 143, signal: 0 }, hasBegun: false, isCut: true },
  { says: 'it could not start', end: { exitCode: 1, signal: 0 }, hasBegun: false, isCut: false },
  { says: 'it crashed at work', end: { exitCode: 1, signal: 0 }, hasBegun: true, isCut: true },
  { says: 'nobody saw how, at work', end: { exitCode: null, signal: null }, hasBegun: true, isCut: true },
  { says: 'nobody saw how, nothing was begun', end: { exitCode: null, signal: null }, hasBegun: false, isCut: false },
  { says: 'it was left', end: { exitCode: 0, signal: 0 }, hasBegun: true, isCut: false },
  { says: 'Ctrl-C', end: { exitCode: 130, signal: 0 }, hasBegun: true, isCut: false },
  { says: 'Ctrl-C that it did not catch', end: { exitCode: null, signal: 2 }, hasBegun: true, isCut: false },
  { says: 'asked for', end: { exitCode: 143, signal: 0, isEndAsked: true }, hasBegun: true, isCut: false },
];

test.each(ends)('cut off, or not: $says', ({ end, hasBegun, isCut }) => {
  expect(isCutOff(end as SessionFacts, hasBegun)).toBe(isCut);
});
