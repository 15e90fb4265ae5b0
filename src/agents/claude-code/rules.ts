import type { ScreenRule, TitleRule } from '../../domain/status.ts';

// Read off Claude Code 2.1.329. It reports its state by OSC 7501 to a terminal that answers its probe; these are for
// what happens before that, and for terminals that do not.

/** Its glyph at rest is the same for idle, permission asked and failed: it says nothing, so it has no rule. */
export const titleRules: readonly TitleRule[] = [
  { name: 'working glyph', state: 'busy', reason: '', pattern: /^[◐◓◑◒⠀-⣿] / },
];

/** It keeps the cursor in its input, hidden. */
export const inputMark = /^❯\s*/;

export const screenRules: readonly ScreenRule[] = [
  {
    name: 'API key dialog',
    state: 'waiting',
    reason: 'asks whether to use the API key',
    lines: [/Detected a custom API key\b/, /Do you want to use this API key\?/],
  },
  {
    name: 'trust dialog',
    state: 'waiting',
    reason: 'asks to trust this folder',
    lines: [/Yes, I trust this folder/, /Enter to confirm/],
  },
  {
    name: 'first start',
    state: 'waiting',
    reason: 'its first-time set-up is not finished',
    lines: [/Choose the text style that looks best with your terminal|Let's get started/],
  },
  {
    name: 'login',
    state: 'waiting',
    reason: 'asks for a login',
    lines: [/Select login method:|Paste code here if prompted/],
  },
  {
    name: 'bypass warning',
    state: 'waiting',
    reason: 'asks to accept its bypass mode',
    lines: [/running in Bypass Permissions mode/, /Yes, I accept/],
  },
  {
    name: 'no connection',
    state: 'failed',
    reason: 'cannot reach its service',
    lines: [/^\s*Unable to connect to Anthropic services/],
  },
  {
    name: 'permission dialog',
    state: 'waiting',
    reason: 'asks for permission',
    lines: [/^[\s│]*Do you want to .*\?/, /^[\s│]*❯ 1\. Yes/],
  },
  {
    name: 'MCP server dialog',
    state: 'waiting',
    reason: 'asks whether to use an MCP server',
    lines: [/New MCP servers? found in/, /Enter to confirm/],
  },
  {
    // The foot that its menus share (/model, /config): it says that it is at rest, and Enter chooses something.
    name: 'menu',
    state: 'waiting',
    reason: 'has a menu open',
    // In a narrow pane only its end is in the last row.
    lines: [/(?:(?<!Enter to confirm) · Esc to |^ +(?:to )?)(?:cancel|close|go back|back)$/],
    isOverTitle: true,
    isAtEnd: true,
  },
  {
    // Last: the foot that all its dialogs share, for those that have no rule of their own.
    name: 'dialog',
    state: 'waiting',
    reason: 'asks a question',
    lines: [/^\s*❯ /, /^\s*Enter to confirm · Esc to cancel/],
  },
];
