import type { ScreenRule } from '../../domain/status.ts';

// Read off opencode 1.18.33, for before its first prompt and for where its record is missing. Its title says no state.

export const screenRules: readonly ScreenRule[] = [
  {
    name: 'permission dialog',
    state: 'waiting',
    reason: 'asks for permission',
    lines: [/△ Permission required/, /Allow once +Allow always +Reject/],
  },
  {
    name: 'question',
    state: 'waiting',
    reason: 'asks a question',
    lines: [/↑↓ select +enter (submit|confirm|toggle) +esc dismiss/],
  },
  { name: 'busy line', state: 'busy', reason: '', lines: [/\besc (again to )?interrupt\b/] },
  // With what the conversation has used: its first screen, where a prompt may be on its way, has none.
  { name: 'input line', state: 'idle', reason: '', lines: [/ \(\d+%\) .*ctrl\+p commands/] },
];
