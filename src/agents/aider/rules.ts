import type { ScreenRule } from '../../domain/status.ts';

// From aider's documentation and source, not read off its screen.

export const screenRules: readonly ScreenRule[] = [
  {
    name: 'confirmation',
    state: 'waiting',
    reason: 'asks a question',
    lines: [/\(Y\)es\/\(N\)o\b.* \[(Yes|No)\]: *$/],
  },
];
