import { expect, test } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/claude-code.ts';
import { codex } from '../../src/agents/codex/codex.ts';
import { gemini } from '../../src/agents/gemini/gemini.ts';
import { opencode } from '../../src/agents/opencode/opencode.ts';
import type { ProgramStatus, SessionFacts } from '../../src/domain/session.ts';
import { deriveStatus } from '../../src/domain/status.ts';
import type { AgentAdapter } from '../../src/ports/agent.ts';

// What is seen when a program has a menu open, though it says that it is at rest: most at the end of the screen.

const menu = 'has a menu open';
const rows = [
  { rules: claudeCode, end: ['  s to use this session only · Enter to save · Esc to cancel'], reason: menu },
  { rules: claudeCode, end: ['  ↓ to navigate · ↑ to switch tabs · Esc to go back'], reason: menu },
  { rules: claudeCode, end: ['  Ctrl+W to show all worktrees · Esc to', '  close'], reason: menu },
  { rules: codex, end: ['  enter select · esc back', ''], reason: menu },
  { rules: gemini, end: ['│ (Press Esc to close)                 │', '│                   │', '╰───╯'], reason: menu },
  {
    rules: gemini,
    end: ['│  (Use Enter to select, Ctrl+L to     │', '│  reset, Tab to │', '│  close)      │'],
    reason: menu,
  },
  { rules: gemini, end: ['│ Press Esc to exit.                   │'], reason: menu },
  { rules: gemini, end: ['│  Enter to select · ↑/↓ to navigate   │', '│  · ←/→ to reorder │'], reason: menu },
  { rules: gemini, end: [' Chat Sessions (1    sorted by date', ' Navigate: ↑/↓   Resume: Enter', ' ▼'], reason: menu },
  {
    rules: gemini,
    end: ['│   How would you like to authenticate?', '│   (Use Enter to select)              │'],
    reason: 'asks for a login',
  },
  {
    rules: opencode,
    end: ['     Line 26 of a lo    Select model          esc    s on and', '', ' 8.1K (4%)  ctrl+p commands'],
    reason: menu,
  },
  { rules: opencode, end: ['     L    Sessions                                   esc    ith'], reason: menu },
  { rules: opencode, end: ['   Help                     esc/enter'], reason: menu },
  { rules: opencode, end: ['  w  Message Actions                  esc'], reason: menu },
  // A dialog that has a rule of its own is told by that.
  {
    rules: claudeCode,
    end: [' ❯ 1. Yes, I trust this folder', '   Enter to confirm · Esc to cancel'],
    reason: 'asks to trust this folder',
  },
];

test.each(rows)('$end.0', ({ rules, end, reason }) => {
  expect(statusOf(rules, ['❯ just talk', ...end], reason === menu)).toMatchObject({ state: 'waiting', reason });
});

const talks = [
  { rules: gemini, said: ['✦ Press Esc to close it.', '  (Press Esc to close)', '  Chat Sessions (2 total)'] },
  { rules: opencode, said: ['     Help  esc', '     the Commands            esc', '     Sessions      escape'] },
];

test.each(talks)('talk of menus is none: $said.0', ({ rules, said }) => {
  expect(statusOf(rules, said, true)).toMatchObject({ state: 'done' });
});

function statusOf(rules: AgentAdapter, screen: string[], saysDone: boolean) {
  const program: ProgramStatus = { state: 'done', app: 'agent', kind: null, message: null, at: 20 };
  const facts: SessionFacts = {
    ...{ id: 's', labels: {}, command: ['agent'], cwd: '/w', pid: 7, cols: 80, rows: 24, startedAt: 0 },
    ...{ lastOutputAt: 10, lastInputAt: null, bellAt: null, title: '', endedAt: null, exitCode: null, signal: null },
    ...{ isLost: false, program: saysDone ? program : null },
  };
  return deriveStatus({ facts, screen, rules, words: null, now: 60_000, endsByItself: false });
}
