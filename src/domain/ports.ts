/** A worktree's ports as its programs are told them: the first as `PORT`, which many servers read, and each by its number. */
export function portVariables(ports: readonly number[]): Record<string, string> {
  if (ports.length === 0) return {};
  const numbered = ports.map((port, index) => [`FORGE_PORT_${index + 1}`, String(port)] as const);
  return { PORT: String(ports[0]), FORGE_PORT_BASE: String(ports[0]), ...Object.fromEntries(numbered) };
}
