import type { ScreenRule, TitleRule } from '../../domain/status.ts';

// Read off Gemini CLI 0.61.0. Its title tells work and permission at once. At rest it says *Ready* also behind a dialog of
// its first start, so that title counts only with a turn in its records; the input line has a rule, after those for the dialogs.

export const titleRules: readonly TitleRule[] = [
  { name: 'action required', state: 'waiting', reason: 'asks for permission', pattern: /^✋ / },
  // With `showStatusInTitle` what it thinks about stands there instead of *Working…*.
  { name: 'working', state: 'busy', reason: '', pattern: /^[✦⏲] / },
];

export const restTitle = /^◇ /;

/** `>` asks, `!` runs a command, `*` asks for nothing any more. It keeps the cursor in its input. */
export const inputMark = /^ ?[>!*] /;

export const inputHint = /^Type your message or @path\/to\/file$/;

const stopChoice = /^ *│ [● ] \d\. Stop\b/;
/** Left out where its provider does not tell. */
const untilTime = /^ *│ Access resets at (\d{1,2}:\d\d\s[AP]M\s[^\s.]{1,40})\./;

export const screenRules: readonly ScreenRule[] = [
  {
    // Its title goes on saying that it works. *Keep trying* asks its model again at once, in the same turn; *Stop* is followed by a
    // prompt of its own when the last answer used a tool, and Esc leaves the dialog open.
    name: 'limit dialog',
    state: 'limited',
    reason: 'asks whether to keep trying',
    lines: [/^ *│ [● ] 1\. Keep trying/, stopChoice],
    isOverTitle: true,
    untilTime,
    retryKeys: '1',
  },
  {
    // With another model to switch to, it offers that and not to try again.
    name: 'limit of a model',
    state: 'limited',
    reason: 'asks whether to go on with another model',
    lines: [/^ *│ Usage limit reached for /, stopChoice],
    isOverTitle: true,
    untilTime,
    retryKeys: null,
  },
  {
    // It looks for circles itself, and then waits; whatever its title says.
    name: 'loop dialog',
    state: 'waiting',
    reason: 'thinks that it goes in circles: asks whether to go on looking for that',
    lines: [/A potential loop was detected/, /\b1\. Keep loop detection enabled\b/],
    isOverTitle: true,
  },
  {
    // It answers its first prompt behind this one.
    name: 'trust dialog',
    state: 'waiting',
    reason: 'asks to trust this folder',
    lines: [/^ *│ Do you trust the files\b/, /^ *│ [● ] 1\. Trust folder/],
    isOverTitle: true,
  },
  {
    name: 'login',
    state: 'waiting',
    reason: 'asks for a login',
    lines: [/^ *│ +How would you like to\b/, /^ *│ +\(Use Enter to select\)/],
    isOverTitle: true,
  },
  {
    name: 'login under way',
    state: 'waiting',
    reason: 'waits for its login to be finished',
    lines: [/^Please visit the following URL to authorize the application:/, /^Enter the authorization code:/],
  },
  {
    name: 'API key dialog',
    state: 'waiting',
    reason: 'asks for an API key',
    lines: [/^ *│ +Enter Gemini API Key/, /^ *│ +\(Press Enter to submit/],
    isOverTitle: true,
  },
  {
    // /model, /theme, /settings, /editor, /hooks, /rewind, /privacy and /footer, the last rows of whose box say how to leave.
    name: 'menu',
    state: 'waiting',
    reason: 'has a menu open',
    lines: [/^ *│ +(?:\(Press Esc to close\)|Press Esc to exit\.|\(Use Enter to\b|Enter to select · )/],
    isOverTitle: true,
  },
  {
    // /resume
    name: 'list of conversations',
    state: 'waiting',
    reason: 'has a menu open',
    lines: [/^ Chat Sessions \(\d+\b/, /^ Navigate: ↑\/↓ /],
    isOverTitle: true,
  },
  {
    name: 'permission dialog',
    state: 'waiting',
    reason: 'asks for permission',
    lines: [/\b1\. Allow once\b/, /\bNo, suggest changes \(esc\)/],
  },
  {
    name: 'working line',
    state: 'busy',
    reason: '',
    lines: [/\(esc to cancel, /],
  },
  {
    name: 'input line',
    state: 'idle',
    reason: '',
    lines: [/^ *(?:[>!*] {3}Type your message or @path\/to\/file|\? for shortcuts|Shift\+Tab to )/],
  },
];
