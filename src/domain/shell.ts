import type { SessionFacts } from './session.ts';

/** Whether it is a shell of the person's, and no agent: its label `shell` is the run in whose worktree it was opened. */
export function isShell({ labels }: Pick<SessionFacts, 'labels'>): boolean {
  return labels.shell !== undefined;
}

/** What tells of the terminal that the dashboard is in, and of the agent's session that a dashboard was started in. */
const ofElsewhere =
  /^(TMUX|STY$|TERM|COLORTERM$|COLUMNS$|LINES$|PWD$|OLDPWD$|SHLVL$|VTE_|KITTY_|WEZTERM_|GHOSTTY_|ALACRITTY_|ITERM_|VSCODE_|WINDOWID$|FORGE_(PROMPT|TASK|RUN|SESSION)$)/;

/** The person's own environment, in the terminal that a pane is. */
export function shellEnvironment(
  environment: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = Object.entries(environment).filter(([name]) => !ofElsewhere.test(name));
  return { ...Object.fromEntries(own), TERM: 'xterm-256color', COLORTERM: 'truecolor', ...more };
}
