import { expect, test } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/claude-code.ts';
import { codex } from '../../src/agents/codex/codex.ts';
import type { ProgramStatus, SessionFacts } from '../../src/domain/session.ts';
import { deriveStatus } from '../../src/domain/status.ts';

// What stands at the end of the screen when a program has a menu open, though it says that it is at rest.

const menu = 'has a menu open';
const rows = [
  { rules: claudeCode, end: ['  s to use this session only · Enter to save · Esc to cancel'], reason: menu },
  { rules: claudeCode, end: ['  ↓ to navigate · ↑ to switch tabs · Esc to go back'], reason: menu },
  { rules: claudeCode, end: ['  Ctrl+W to show all worktrees · Esc to', '  close'], reason: menu },
  { rules: codex, end: ['  enter select · esc back', ''], reason: menu },
  // A dialog that has a rule of its own is told by that.
  {
    rules: claudeCode,
    end: [' ❯ 1. Yes, I trust this folder', '   Enter to confirm · Esc to cancel'],
    reason: 'asks to trust this folder',
  },
];

test.each(rows)('$end.0', ({ rules, end, reason }) => {
  const program: ProgramStatus = { state: 'done', app: 'agent', kind: null, message: null, at: 20 };
  const facts: SessionFacts = {
    ...{ id: 's', labels: {}, command: ['agent'], cwd: '/w', pid: 7, cols: 80, rows: 24, startedAt: 0 },
    ...{ lastOutputAt: 10, lastInputAt: null, bellAt: null, title: '', endedAt: null, exitCode: null, signal: null },
    ...{ isLost: false, program: reason === menu ? program : null },
  };
  const input = { facts, screen: ['❯ just talk', ...end], words: null, now: 60_000, endsByItself: false };
  expect(deriveStatus({ ...input, rules })).toMatchObject({ state: 'waiting', reason });
});
