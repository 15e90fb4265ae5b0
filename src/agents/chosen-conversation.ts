/** Whether a definition's own arguments already choose a conversation, as `--resume`, `--resume=ID` or the like. */
export function choosesConversation(own: readonly string[], options: readonly string[]): boolean {
  return own.some((argument) => options.includes(argument.split('=')[0]));
}
