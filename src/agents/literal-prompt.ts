import { passablePrompt } from './environment.ts';

/**
 * A prompt that a chat program takes as words. What starts like a command would be one: to Claude Code `/exit` means to
 * leave, also behind a space, and Codex gives `!anything` to a shell without asking. A task's title can come from a stranger,
 * so such a prompt gets a word in front.
 */
export function literalPrompt(prompt: string): string {
  const text = passablePrompt(prompt);
  return /^\s*[/!]/.test(text) ? `Task: ${text}` : text;
}

/** The last arguments of a chat program: after `--` a prompt that starts with a dash is a prompt. None without one. */
export function promptArguments(prompt: string): string[] {
  return prompt === '' ? [] : ['--', literalPrompt(prompt)];
}
