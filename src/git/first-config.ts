/** The settings file that `forge init` writes: what was chosen, and what else can be, as comments. */
export function firstConfig(input: {
  mode: string;
  prefix: string;
  branch?: string;
  agents: readonly string[];
}): string {
  return `# yaml-language-server: $schema=config.schema.json
# Settings of Forge for this project. What is in force, and where it comes from: forge config

prefix: ${input.prefix}
mode: ${input.mode}
${input.branch === undefined ? '' : `dataBranch: ${JSON.stringify(input.branch)}\n`}
# Programs that can do work. claude and codex are known without a line here.
# agents:
#   cheap:  { adapter: claude-code, env: { ANTHROPIC_MODEL: haiku } }
#   script: { adapter: command, command: ["./agent.sh", "{prompt}"] }

# Slots that take tasks, one at a time.
${workers(input.agents)}
# In each new worktree: files to bring along that git ignores, and commands to run first.
# worktrees: { copy: [".env"], setup: ["npm ci"] }

# limits: { total: 6, perAgent: { claude: 4 } }
# keys: { leader: ctrl+q }
`;
}

/** Two slots of the preferred agent, one of each other. */
function workers(agents: readonly string[]): string {
  if (agents.length === 0)
    return '# workers:\n#   - { name: worker-1, agent: claude }\n#   - { name: worker-2, agent: claude }\n';
  const rows = [agents[0], ...agents].map((agent, index) => `  - { name: worker-${index + 1}, agent: ${agent} }\n`);
  return `workers:\n${rows.join('')}`;
}
