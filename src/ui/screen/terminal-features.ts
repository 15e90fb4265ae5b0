/** What not every terminal knows and none can be asked for. */
export interface TerminalFeatures {
  /** Double, curly, dotted and dashed underlines (SGR 4:2 to 4:5) and their colour (58). Elsewhere they are single. */
  hasUnderlineStyles: boolean;
  /** Hyperlinks (OSC 8). Nearly all others skip them. */
  hasLinks: boolean;
}

/** The version of VTE (GNOME Terminal and its kin) that has styles and colours of underlines: 0.52. */
const vteSince = 5200;

const stylish = /kitty|ghostty|wezterm|alacritty|foot|contour|mintty|rio|iterm|vscode|tmux/i;
const withoutLinks = /^(?:linux|dumb|cons25|eterm|screen|vt\d)/;

/** By what a terminal says of itself in the environment. One that says nothing telling gets plain underlines. */
export function detectFeatures(env: Record<string, string | undefined>): TerminalFeatures {
  const term = env.TERM ?? '';
  const hasUnderlineStyles =
    stylish.test(term) || stylish.test(env.TERM_PROGRAM ?? '') || Number(env.VTE_VERSION ?? 0) >= vteSince;
  return { hasUnderlineStyles, hasLinks: term !== '' && !withoutLinks.test(term) };
}
