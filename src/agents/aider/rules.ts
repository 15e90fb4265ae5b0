import type { ScreenRule } from '../../domain/status.ts';

// From aider's documentation and source, not read off its screen.

export const screenRules: readonly ScreenRule[] = [
  {
    // A question that was answered with Enter alone looks the same for ever. Of one that is wrapped this is what the last row ends with.
    name: 'confirmation',
    state: 'waiting',
    reason: 'asks a question',
    lines: [/\[(Yes|No)\]: *$/],
    isAtEnd: true,
  },
];
