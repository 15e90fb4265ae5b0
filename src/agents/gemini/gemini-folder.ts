/** Where Gemini CLI keeps its files, in the environment that it is started with. */
export function geminiFolder(env: Record<string, string>): string {
  return `${env.GEMINI_CLI_HOME || env.HOME}/.gemini`;
}
