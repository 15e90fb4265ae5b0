import { expect, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import { noWords } from '../../src/domain/agent-words.ts';
import type { SessionFacts } from '../../src/domain/session.ts';
import { deriveStatus } from '../../src/domain/status.ts';

// Rows as the programs drew them in a terminal of 110 x 40: Gemini CLI 0.61.0, opencode 1.18.33, Codex 0.169.0. aider's is from its documentation.

const facts: SessionFacts = {
  ...{ id: 's', labels: {}, command: ['x'], cwd: '/', pid: 1, cols: 110, rows: 40, startedAt: 0, lastOutputAt: 0 },
  ...{ lastInputAt: null, bellAt: null, title: '', program: null },
  ...{ endedAt: null, exitCode: null, signal: null, isLost: false },
};

test.each([
  { agent: 'gemini', title: '✦  Working… (fg-1)', state: 'busy' },
  { agent: 'gemini', title: '✦  Reading the tests (fg-1)', state: 'busy' },
  { agent: 'gemini', title: '⏲  Working… (fg-1)', state: 'busy' },
  { agent: 'gemini', title: '✋  Action Required (fg-1)', state: 'waiting', reason: 'asks for permission' },
  {
    agent: 'gemini',
    title: '◇  Ready (fg-1)',
    screen: [' │ Do you trust the files in this folder?            │', ' │ ● 1. Trust folder (fg-1)           │'],
    state: 'waiting',
    reason: 'asks to trust this folder',
  },
  {
    agent: 'gemini',
    title: '◇  Ready (fg-1)',
    screen: ['│   How would you like to authenticate for this project?   │', '│   (Use Enter to select)  │'],
    state: 'waiting',
    reason: 'asks for a login',
  },
  {
    agent: 'gemini',
    screen: [
      'Please visit the following URL to authorize the application:',
      'https://x/y',
      'Enter the authorization code:',
    ],
    state: 'waiting',
    reason: 'waits for its login to be finished',
  },
  {
    agent: 'codex',
    screen: [
      "  Welcome to Codex, OpenAI's command-line coding agent",
      '  Choose how you want to use Codex.',
      '> 1. Sign in with',
    ],
    state: 'waiting',
    reason: 'asks for a login',
  },
  {
    agent: 'codex',
    screen: ["  Welcome to Codex, OpenAI's command-line coding agent", '  Finish signing in via your browser'],
    state: 'waiting',
    reason: 'waits for its login to be finished',
  },
  {
    agent: 'gemini',
    title: '◇  Ready (fg-1)',
    screen: ['│ Enter Gemini API Key      │', '│ (Press Enter to submit, Esc to cancel, Ctrl+C to clear stored key) │'],
    state: 'waiting',
    reason: 'asks for an API key',
  },
  {
    agent: 'gemini',
    screen: ['│ ● 1. Allow once │', '│   4. No, suggest changes (esc)    │'],
    state: 'waiting',
    reason: 'asks for permission',
  },
  {
    agent: 'gemini',
    title: '✦  Working… (fg-1)',
    screen: [' │ ?  A potential loop was detected', ' │ ● 1. Keep loop detection enabled (esc)'],
    state: 'waiting',
    reason: 'thinks that it goes in circles: asks whether to go on looking for that',
  },
  {
    agent: 'gemini',
    title: '✦  Working… (fg-1)',
    screen: ['│ Usage limit reached for all Pro models.  │', '│ ● 1. Keep trying      │', '│   2. Stop      │'],
    state: 'limited',
    reason: 'asks whether to keep trying',
  },
  {
    agent: 'gemini',
    title: '✦  Working… (fg-1)',
    screen: [
      '│ Usage limit reached for all Pro models.  │',
      '│ ● 1. Switch to gemini-3.8-flash   │',
      '│   2. Stop   │',
    ],
    state: 'limited',
    reason: 'asks whether to go on with another model',
  },
  {
    // A model that is not there is no limit.
    agent: 'gemini',
    title: '✦  Working… (fg-1)',
    screen: ['│ Model "x" was not found or is invalid.  │', '│ ● 1. Switch to gemini-3.8-flash   │', '│   2. Stop   │'],
    state: 'busy',
  },
  { agent: 'gemini', screen: [' ⠼ Thinking... (esc to cancel, 1s)            ? for shortcuts'], state: 'busy' },
  {
    agent: 'gemini',
    title: '◇  Ready (fg-1)',
    screen: ['✦ Scripted answer.', ' >   Type your message or @path/to/file'],
    state: 'idle',
  },
  { agent: 'gemini', screen: [' Shift+Tab to accept edits', ' > talk to me'], state: 'idle' },
  {
    agent: 'opencode',
    title: 'OC | A title',
    screen: ['  ┃  △ Permission required', '  ┃   Allow once   Allow always   Reject        ctrl+f fullscreen'],
    state: 'waiting',
    reason: 'asks for permission',
  },
  {
    agent: 'opencode',
    screen: ['  ┃  Which?', '  ┃  ↑↓ select  enter submit  esc dismiss'],
    state: 'waiting',
    reason: 'asks a question',
  },
  {
    agent: 'opencode',
    screen: ['   ■■■■⬝⬝⬝⬝  esc interrupt        2.0K (1%) · $0.02  ctrl+p commands'],
    state: 'busy',
  },
  {
    agent: 'opencode',
    screen: ['   ⬝⬝⬝⬝⬝⬝⬝⬝  esc again to interrupt   607 (0%) · $0.01  ctrl+p commands'],
    state: 'busy',
  },
  { agent: 'opencode', screen: ['   /worktrees/fg-1          607 (0%) · $0.01  ctrl+p commands'], state: 'idle' },
  {
    agent: 'opencode',
    screen: ['  ┃  Ask anything… "Fix a TODO in the codebase"', '   tab agents  ctrl+p commands'],
    state: 'unknown',
    reason: 'no output for 1 min',
  },
  { agent: 'aider', screen: ['Run shell command? (Y)es/(N)o [Yes]:'], state: 'waiting', reason: 'asks a question' },
  {
    agent: 'aider',
    screen: ["Create new file? (Y)es/(N)o/(D)on't ask again [Yes]:"],
    state: 'waiting',
    reason: 'asks a question',
  },
  {
    agent: 'aider',
    screen: ["Add file to the chat? (Y)es/(N)o/(A)ll/(S)kip all/(D)on't as", 'k again [Yes]:', ''],
    state: 'waiting',
    reason: 'asks a question',
  },
  {
    agent: 'aider',
    screen: ['Create new file? (Y)es/(N)o [Yes]:', '', 'Applied edit to a.txt'],
    state: 'unknown',
    reason: 'no output for 1 min',
  },
  { agent: 'aider', screen: ['Create new file? (Y)es/(N)o [Yes]: y'], state: 'unknown', reason: 'no output for 1 min' },
])('$agent with the title $title and $screen is $state', ({ agent, title = '', screen = [], state, reason = '' }) => {
  const rules = findAdapter(agent)!;
  const input = { facts: { ...facts, title }, screen, rules, words: null, now: 60_000, endsByItself: false };
  expect(deriveStatus(input)).toMatchObject({ state, reason });
});

test('a dialog of the first start is seen behind an answer too', () => {
  const words = { ...noWords, answerAt: 5, turn: { is: 'answered' as const, at: 5 } };
  const input = { facts: { ...facts, title: '◇  Ready (fg-1)' }, rules: findAdapter('gemini')!, words, now: 60_000 };
  const screen = [' │ Do you trust the files in this folder?   │', ' │ ● 1. Trust folder (fg-1)   │'];
  expect(deriveStatus({ ...input, screen, endsByItself: false })).toMatchObject({ state: 'waiting' });
  expect(deriveStatus({ ...input, screen: ['Do you trust it?'], endsByItself: false })).toMatchObject({
    state: 'done',
  });
});

test('a failure in its records ends with the next prompt, and better signals have the word again', () => {
  const words = {
    ...{ limit: null, turn: null, answerAt: null, promptAt: 5, prompts: [] },
    state: { state: 'failed' as const, reason: 'bad thing', at: 10 },
  };
  const base = { facts: { ...facts, title: '✦  Working… (fg-1)' }, screen: null, rules: findAdapter('gemini')! };
  const input = { ...base, now: 60_000, endsByItself: false };
  expect(deriveStatus({ ...input, words })).toMatchObject({ state: 'failed', reason: 'bad thing' });
  expect(deriveStatus({ ...input, words: { ...words, promptAt: 11 } })).toMatchObject({ state: 'busy' });
});
